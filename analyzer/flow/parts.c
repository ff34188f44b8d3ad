/*
 * Lists of several parts (nginx: the headers of a request): who looks for a key that must travel
 * and never goes on to the next part finds only what stands in the first. Read off the code as it
 * is: the path engine would have to know what is in the list.
 */
#include <string.h>

#include "flow/request.h"

static bool is_part(const Engine *engine, const ContextCarrier *carrier, const Ins *ins)
{
    if (ins->op != OP_FIELD || !ins->field) return false;
    const Name *record = engine->unit->fields[ins->field].record;
    return pattern_matches(carrier->parts, record->text, strcspn(record->text, "@"));
}

/* The function looks for a key by name, or at the parts of the list at all. */
static bool looks_for_key(const Engine *engine, uint32_t *keys)
{
    const Body *body = engine->body;
    *keys = 0;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_STRING && ins->text)
                *keys |= context_keys_named(engine->request->model, ins->text->text,
                                            ins->text->len);
        }
    return *keys != 0;
}

static bool is_in_loop(const Engine *engine, uint32_t block)
{
    for (uint32_t head = 0; head < engine->body->nblock; head++)
        if (engine->shape.is_head[head] && engine->shape.loop[head] &&
            bit_get(engine->shape.loop[head], block))
            return true;
    return false;
}

/* The first look at a part inside a loop; NO_INS: none, or the next part is looked at, too. */
static uint32_t find_look(const Engine *engine, const ContextCarrier *carrier)
{
    uint32_t found = NO_INS;
    const Body *body = engine->body;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (!is_part(engine, carrier, ins)) continue;
            if (engine->unit->fields[ins->field].name == carrier->follow) return NO_INS;
            if (found == NO_INS && is_in_loop(engine, b))
                found = engine->shape.first[b] + i;
        }
    return found;
}

void parts_end(Engine *engine)
{
    const ContextModel *model = engine->request->model;
    for (uint32_t i = 0; i < model->carriers.n; i++) {
        const ContextCarrier *carrier = &model->carriers.at[i];
        uint32_t keys;
        if (!carrier->follow || !carrier->parts || !engine->finals.n) continue;
        uint32_t look = find_look(engine, carrier);
        Scope scope;
        const State *state = engine->finals.at[0];
        if (look == NO_INS || !looks_for_key(engine, &keys) ||
            !request_scope(engine, state, CONTEXT_NONE, &scope))
            continue;
        Site site = {engine->fn->link_name, look};
        SiteStep step = {STEP_PASSED, true, site};
        fault_note(engine, state,
                   (Fault){.kind = FAULT_NOT_EXTRACTED,
                           .flags = FAULT_IS_PART,
                           .site = site,
                           .context = scope.text,
                           .came = scope.came,
                           .missing = context_key_text(model, keys, engine->arena),
                           .given = carrier->follow->text},
                   &step, 1);
    }
}
