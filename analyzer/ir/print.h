#ifndef IR_PRINT_H
#define IR_PRINT_H

#include <stdio.h>

#include "base/buf.h"
#include "ir/ir.h"

/* The text form of the IR; ir_read (read.h) is its inverse: printing what was read gives
 * the same bytes. Stable: no addresses, no order of hashing. */
void ir_print_unit(Buf *out, const Unit *unit);
void ir_print_fn(Buf *out, const Unit *unit, const Fn *fn);

#endif
