/* What the whole program says of contexts: which functions are entries, which records hold one. */
#include "flow/fault.h"

#include <string.h>

/* "conn_t *|struct conn *": as written, and without typedefs. */
static bool type_matches(const Pattern *pattern, const Name *name)
{
    if (!name || !pattern) return false;
    size_t len = strcspn(name->text, "("); /* what a function takes is not its name */
    if (len < name->len && len && name->text[len - 1] == '|') len--;
    const char *bar = memchr(name->text, '|', len);
    size_t first = bar ? (size_t)(bar - name->text) : len;
    if (pattern_matches(pattern, name->text, first)) return true;
    return bar && pattern_matches(pattern, bar + 1, len - first - 1);
}

uint32_t requests_type(Requests *requests, const Name *type_name)
{
    if (!type_name) return CONTEXT_NONE;
    bool added;
    uint64_t *known = map_put(&requests->types, MAP_KEY(type_name), 0, &added);
    if (!added) return *known ? (uint32_t)*known - 1 : CONTEXT_NONE;
    for (uint32_t i = 0; i < requests->model->types.n; i++)
        if (type_matches(requests->model->types.at[i].type, type_name)) {
            *known = i + 1;
            return i;
        }
    return CONTEXT_NONE;
}

/* From "(frame_t *|struct frame *;;dict_t *)". */
static Door *slot_of(Requests *requests, const Field *field)
{
    Arena *arena = requests->model->arena;
    Door *slot = ARENA_NEW(arena, Door);
    size_t tag = strcspn(field->record->text, "@");
    slot->name = name_of(requests->model->names,
                         arena_printf(arena, "%.*s::%s", (int)tag, field->record->text,
                                      field->name->text));
    const char *at = field->type_name ? strchr(field->type_name->text, '(') : NULL;
    VEC(uint32_t) types = {0};
    while (at && *at && *at != ')') {
        size_t len = strcspn(++at, ";)");
        const Name *type = len ? name_of(requests->model->names,
                                         arena_printf(arena, "%.*s", (int)len, at))
                               : NULL;
        vec_push(arena, &types, requests_type(requests, type));
        at += len;
    }
    slot->types = types.at;
    slot->ntype = types.n;
    return slot;
}

const Door *requests_door(Requests *requests, const Field *field)
{
    bool added;
    uint64_t *known = map_put(&requests->slots, MAP_KEY(field), 0, &added);
    if (added) {
        const Door *slot = slot_of(requests, field);
        known = map_put(&requests->slots, MAP_KEY(field), 0, NULL);
        *known = MAP_KEY(slot);
    }
    return (const Door *)(uintptr_t)*known;
}

const ContextEntry *requests_entry(const Requests *requests, const ProgramFn *fn)
{
    const uint64_t *known = map_get(&requests->entries, fn->id);
    return known ? &requests->model->entries.at[*known - 1] : NULL;
}

bool requests_is_answerer(const Requests *requests, const ProgramFn *fn)
{
    const uint64_t *known = map_get(&requests->answers, fn->id);
    return known && *known;
}

/* --- entries ----------------------------------------------------------------------------- */

static void add_entry(Requests *requests, const Unit *unit, FnId id, uint32_t entry)
{
    const ProgramFn *fn = program_fn(requests->program, unit, id);
    map_put(&requests->entries, fn->id, entry + 1, NULL);
}

/* The function goes to something of this type, by this call or into that member. */
static void add_by_type(Requests *requests, const Unit *unit, FnId id, const Name *type)
{
    for (uint32_t i = 0; i < requests->model->entries.n; i++)
        if (type_matches(requests->model->entries.at[i].fn_type, type))
            add_entry(requests, unit, id, i);
}

/* "ngx_http_upstream_s::create_request" */
static void add_by_field(Requests *requests, const Unit *unit, FnId id,
                         const Field *field)
{
    add_by_type(requests, unit, id, field->type_name);
    char text[200];
    size_t tag = strcspn(field->record->text, "@");
    if (tag + field->name->len + 3 > sizeof text) return;
    memcpy(text, field->record->text, tag);
    memcpy(text + tag, "::", 2);
    memcpy(text + tag + 2, field->name->text, field->name->len);
    for (uint32_t i = 0; i < requests->model->entries.n; i++)
        if (pattern_matches(requests->model->entries.at[i].field, text,
                            tag + 2 + field->name->len))
            add_entry(requests, unit, id, i);
}

static void scan_call(Requests *requests, const Unit *unit, const Ins *ins,
                      const Map *functions)
{
    const Fn *callee = ins->fn && !ins->a ? &unit->fns[ins->fn] : NULL;
    for (uint32_t i = 0; i < ins->narg; i++) {
        const uint64_t *fn = map_get(functions, ins->args[i]);
        if (!fn || !callee) continue;
        if (i < callee->nparam)
            add_by_type(requests, unit, (FnId)*fn, callee->params[i].type_name);
        for (uint32_t k = 0; k < requests->model->entries.n; k++) {
            const ContextEntry *entry = &requests->model->entries.at[k];
            if (pattern_matches(entry->call, callee->name->text, callee->name->len) &&
                (entry->fn.kind != CONTEXT_ARG_AT || entry->fn.index == i))
                add_entry(requests, unit, (FnId)*fn, k);
        }
    }
}

static void scan_block(Requests *requests, const Unit *unit, const Block *block,
                       Map *functions, Map *fields)
{
    for (uint32_t i = 0; i < block->nins; i++) {
        const Ins *ins = &block->ins[i];
        if (ins->op == OP_ADDR && ins->ref == REF_FN)
            map_put(functions, ins->dst, ins->fn, NULL);
        if (ins->op == OP_CALC && ins->calc == CALC_CAST && map_get(functions, ins->a))
            map_put(functions, ins->dst, *map_get(functions, ins->a), NULL);
        if (ins->op == OP_FIELD) map_put(fields, ins->dst, ins->field, NULL);
        if (ins->op == OP_CALL) scan_call(requests, unit, ins, functions);
        if (ins->op != OP_STORE) continue;
        const uint64_t *fn = map_get(functions, ins->b), *field = map_get(fields, ins->a);
        if (fn && field) add_by_field(requests, unit, (FnId)*fn, &unit->fields[*field]);
    }
}

static void scan_unit(Requests *requests, const Unit *unit, Arena *scratch)
{
    for (uint32_t f = 1; f < unit->nfn; f++) {
        const Fn *fn = &unit->fns[f];
        if (!fn->body) continue;
        for (uint32_t k = 0; k < requests->model->entries.n; k++)
            if (pattern_matches(requests->model->entries.at[k].name, fn->name->text,
                                fn->name->len))
                add_entry(requests, unit, f, k);
        ArenaMark mark = arena_mark(scratch);
        Map functions, fields;
        map_init(&functions, scratch);
        map_init(&fields, scratch);
        for (uint32_t b = 0; b < fn->body->nblock; b++)
            scan_block(requests, unit, &fn->body->blocks[b], &functions, &fields);
        arena_reset(scratch, mark);
    }
    for (uint32_t g = 1; g < unit->nglobal; g++) {
        const Global *global = &unit->globals[g];
        for (uint32_t i = 0; i < global->ninit; i++) {
            const Init *init = &global->inits[i];
            if (init->kind != INIT_FN) continue;
            if (init->field)
                add_by_field(requests, unit, init->fn, &unit->fields[init->field]);
            else
                add_by_type(requests, unit, init->fn, global->type_name);
        }
    }
}

/* --- callbacks --------------------------------------------------------------------------- */

/* Functions whose addresses code takes, but for those that stand in a table. */
static void add_answerers(Requests *requests, const Unit *unit)
{
    for (uint32_t f = 1; f < unit->nfn; f++) {
        const Body *body = unit->fns[f].body;
        for (uint32_t b = 0; body && b < body->nblock; b++)
            for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
                const Ins *ins = &body->blocks[b].ins[i];
                if (ins->op != OP_ADDR || ins->ref != REF_FN) continue;
                const ProgramFn *fn = program_fn(requests->program, unit, ins->fn);
                map_put(&requests->answers, fn->id, 1, NULL);
            }
    }
}

static void drop_tabled(Requests *requests, const Unit *unit)
{
    for (uint32_t g = 1; g < unit->nglobal; g++)
        for (uint32_t i = 0; i < unit->globals[g].ninit; i++) {
            const Init *init = &unit->globals[g].inits[i];
            if (init->kind != INIT_FN) continue;
            const ProgramFn *fn = program_fn(requests->program, unit, init->fn);
            *map_put(&requests->answers, fn->id, 0, NULL) = 0;
        }
}

/* --- records ----------------------------------------------------------------------------- */

static void add_holder(Kept *known, Kept *holder)
{
    for (;; known = known->next) {
        if (known->field == holder->field && known->type == holder->type) return;
        if (!known->next) break;
    }
    known->next = holder;
}

/* "struct job *" of a record "job@main.c" with a member that is a context. */
static void add_holders(Requests *requests, const Unit *unit)
{
    for (uint32_t i = 1; i < unit->nfield; i++) {
        const Field *field = &unit->fields[i];
        uint32_t type = requests_type(requests, field->type_name);
        if (type == CONTEXT_NONE) continue;
        size_t tag = strcspn(field->record->text, "@");
        const Pattern *not_in = requests->model->types.at[type].not_in;
        if (pattern_matches(not_in, field->record->text, tag)) continue;
        for (int k = 0; k < 2; k++) {
            const char *text = k ? arena_printf(requests->model->arena, "%.*s *",
                                                (int)tag, field->record->text)
                                 : arena_printf(requests->model->arena, "struct %.*s *",
                                                (int)tag, field->record->text);
            Kept *holder = ARENA_NEW(requests->model->arena, Kept);
            *holder = (Kept){field->name, type, NULL};
            bool added;
            const Name *name = name_of(requests->model->names, text);
            uint64_t *known =
                map_put(&requests->holders, MAP_KEY(name), MAP_KEY(holder), &added);
            if (!added) add_holder((Kept *)(uintptr_t)*known, holder);
        }
    }
}

Requests *requests_new(const Program *program, ContextModel *model, Arena *arena)
{
    if (!model || !model->is_any) return NULL;
    Requests *requests = ARENA_NEW(arena, Requests);
    requests->model = model;
    requests->program = program;
    map_init(&requests->entries, arena);
    map_init(&requests->holders, arena);
    map_init(&requests->types, arena);
    map_init(&requests->slots, arena);
    map_init(&requests->answers, arena);
    Arena *scratch = arena_new("requests");
    for (uint32_t i = 0; i < program->units.n; i++) {
        add_holders(requests, program->units.at[i]);
        if (model->entries.n) scan_unit(requests, program->units.at[i], scratch);
    }
    arena_free(scratch);
    for (uint32_t i = 0; i < program->units.n; i++)
        add_answerers(requests, program->units.at[i]);
    for (uint32_t i = 0; i < program->units.n; i++)
        drop_tabled(requests, program->units.at[i]);
    return requests;
}
