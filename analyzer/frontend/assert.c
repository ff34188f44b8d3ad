/*
 * Assertions that were compiled out still say what the programmer believes: they become
 * ASSUME. Only loads are emitted for them, and those are marked as nobody's dereference.
 */
#include "frontend/lower.h"

void lower_assume(Lower *lower, Node *condition, bool is_negated)
{
    bool outer = lower->is_assumed;
    lower->is_assumed = true;
    Val value = lower_value(lower, condition);
    if (is_negated) value = emit_calc(lower, condition, CALC_NOT, value, 0, type_int());
    Ins ins = emit_at(lower, condition, OP_ASSUME);
    ins.a = value;
    build_ins(lower->body, ins);
    lower->is_assumed = outer;
}
