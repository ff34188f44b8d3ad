#ifndef IR_VERIFY_H
#define IR_VERIFY_H

#include "base/err.h"
#include "ir/ir.h"

/* The rules of ir.h: indices in range, one terminator a block and last, temporaries
 * written once and used only later in their own block, successors in range and all
 * blocks reachable in reverse postorder. false with the first complaint. */
bool ir_verify_unit(const Unit *unit, Err *err);

#endif
