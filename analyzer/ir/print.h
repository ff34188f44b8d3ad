#ifndef IR_PRINT_H
#define IR_PRINT_H

#include <stdio.h>

#include "base/buf.h"
#include "base/hash.h"
#include "ir/ir.h"

/* The text form of the IR; ir_read (read.h) is its inverse: printing what was read gives
 * the same bytes. Stable: no addresses, no order of hashing. form.h shows the grammar. */
void ir_print_unit(Buf *out, const Unit *unit);

/* As ir_print_unit; also hashes[id], of unit->nfn, becomes the content hash of each function
 * that has a body: its text and the rows of all it mentions (fields with their offsets,
 * globals with their initialisers, callees with their signatures). Where the function
 * stands in its file, and what else the unit holds, does not change it. */
void ir_print_unit_hashed(Buf *out, const Unit *unit, Hash *hashes);

#endif
