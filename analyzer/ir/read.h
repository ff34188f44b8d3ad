#ifndef IR_READ_H
#define IR_READ_H

#include "base/err.h"
#include "ir/ir.h"

/* Reads the text form. The text is input: bounded, every index checked, errors name the
 * line. The unit lives in `arena`, its names in `names`. */
bool ir_read_unit(const char *text, size_t len, Names *names, Arena *arena, Unit **unit,
                  Err *err);

#endif
