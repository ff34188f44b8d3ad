/* Which member of a record a call goes through. */
#include "ir/ir.h"

static const Ins *def_in(const Block *block, Val val)
{
    for (uint32_t i = 0; val && i < block->nins; i++)
        if (block->ins[i].dst == val) return &block->ins[i];
    return NULL;
}

static FieldId member_of(const Block *block, Val value)
{
    const Ins *load = def_in(block, value);
    while (load && load->op == OP_CALC && load->calc == CALC_CAST)
        load = def_in(block, load->a);
    if (!load || load->op != OP_LOAD) return 0;
    const Ins *field = def_in(block, load->a);
    return field && field->op == OP_FIELD ? field->field : 0;
}

/* The member of which a local is a copy. What else may be in it has the same type, and is a
 * detour to the same: those stores are passed over. */
static FieldId member_kept(const Body *body, LocalId local)
{
    FieldId found = 0;
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            if (block->ins[i].op != OP_STORE) continue;
            const Ins *at = def_in(block, block->ins[i].a);
            if (!at || at->op != OP_ADDR || at->ref != REF_LOCAL || at->local != local)
                continue;
            FieldId member = member_of(block, block->ins[i].b);
            if (found && member && member != found) return 0;
            if (member) found = member;
        }
    }
    return found;
}

FieldId ir_called_member(const Body *body, const Block *block, const Ins *call)
{
    if (call->op != OP_CALL || call->fn || !call->a) return 0;
    FieldId direct = member_of(block, call->a);
    if (direct) return direct;
    const Ins *load = def_in(block, call->a);
    if (!load || load->op != OP_LOAD) return 0;
    const Ins *at = def_in(block, load->a);
    bool is_local = at && at->op == OP_ADDR && at->ref == REF_LOCAL;
    return is_local ? member_kept(body, at->local) : 0;
}
