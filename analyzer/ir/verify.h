#ifndef IR_VERIFY_H
#define IR_VERIFY_H

#include "base/err.h"
#include "ir/ir.h"

/* The rules of ir.h: indices in range, one terminator a block and last, temporaries
 * written once and used only later in their own block, successors in range and all
 * blocks reachable in reverse postorder. false with the first complaint. */
bool ir_verify_unit(const Unit *unit, Err *err);

/* Where the complaint was. fn 0: in a table; block VERIFY_NO_BLOCK: in the body's head. */
enum { VERIFY_NO_BLOCK = 0x7fffffff };
typedef struct VerifySpot {
    FnId fn;
    uint32_t block, ins;
} VerifySpot;

bool ir_verify_unit_spot(const Unit *unit, VerifySpot *spot, Err *err);

#endif
