/*
 * Where a value stands with respect to requests: from the structure of its term (a parameter
 * that is a context, a member that is one, the ambient slot), or from its mark (what a call
 * gave). Unknown is unknown, and never reported.
 */
#include "flow/request.h"

#include <string.h>

/* --- marks ------------------------------------------------------------------------------- */

RequestMark *request_mark(const State *state, TermId value)
{
    for (uint32_t i = 0; i < state->nmark; i++)
        if (state->marks[i].value == value) return &state->marks[i];
    return NULL;
}

RequestMark *request_put(State *state, RequestMark mark)
{
    RequestMark *known = request_mark(state, mark.value);
    if (known) {
        *known = mark;
        return known;
    }
    if (state->nmark == state->room_mark) {
        uint32_t room = state->room_mark ? state->room_mark * 2 : 8;
        RequestMark *marks = ARENA_ARRAY(state->arena, RequestMark, room);
        if (state->nmark) memcpy(marks, state->marks, state->nmark * sizeof *marks);
        state->marks = marks;
        state->room_mark = room;
    }
    state->marks[state->nmark] = mark;
    return &state->marks[state->nmark++];
}

RequestMark *request_make(State *state, TermId value)
{
    RequestMark *known = request_mark(state, value);
    return known ? known : request_put(state, (RequestMark){.value = value});
}

/* --- origins ----------------------------------------------------------------------------- */

bool request_is_ambient(const Engine *engine, TermId address)
{
    const Term *term = &engine->terms.at[address];
    if (term->kind != TERM_GLOBAL) return false;
    const char *colon = strrchr(term->name->text, ':');
    const char *name = colon ? colon + 1 : term->name->text;
    const ContextModel *model = engine->request->model;
    for (uint32_t i = 0; i < model->types.n; i++)
        if (pattern_matches(model->types.at[i].ambient, name, strlen(name))) return true;
    return false;
}

bool request_outlives(const Engine *engine, uint32_t type)
{
    const ContextType *own = &engine->request->model->types.at[type];
    return own->is_shared || own->is_per_connection;
}

/* A member that holds a context, of something that came in. */
static bool is_context_member(const Engine *engine, const Term *init)
{
    TermId root = term_root(&engine->terms, init->a);
    TermKind kind = engine->terms.at[root].kind;
    return (kind == TERM_PARAM || kind == TERM_INIT) && init->is_context;
}

MarkOrigin request_origin(Engine *engine, const State *state, TermId value)
{
    if (!value) return MARK_UNKNOWN;
    value = state_canon(state, value);
    const RequestMark *mark = request_mark(state, value);
    if (mark && mark->origin) return mark->origin;
    const Term *term = &engine->terms.at[value];
    const Request *request = engine->request;
    if (term->kind == TERM_PARAM && (uint64_t)term->imm < engine->fn->fn->nparam &&
        request->param_types[term->imm] != CONTEXT_NONE)
        return request_outlives(engine, request->param_types[term->imm]) ? MARK_UNKNOWN
                                                                         : MARK_INHERITED;
    if (term->kind != TERM_INIT) return MARK_UNKNOWN;
    if (request_is_ambient(engine, term->a)) return MARK_AMBIENT;
    if (is_context_member(engine, term)) return MARK_INHERITED;
    return MARK_UNKNOWN;
}

/* --- scope ------------------------------------------------------------------------------- */

static bool is_usable(Engine *engine, const State *state, TermId value)
{
    const RequestMark *mark = request_mark(state, value);
    return !value_is_null(engine, state, value) && !(mark && (mark->flags & MARK_ENDED));
}

/* Other values of that type are no context of a request, or not as such. */
static bool is_called_so(const Engine *engine, uint32_t type, const Name *name)
{
    const Pattern *wanted = engine->request->model->types.at[type].name;
    return !wanted || pattern_matches(wanted, name->text, name->len);
}

static bool scope_of_param(Engine *engine, const State *state, uint32_t type,
                           Scope *scope)
{
    const Request *request = engine->request;
    for (uint32_t i = 0; i < engine->fn->fn->nparam; i++) {
        uint32_t own = request->param_types[i];
        if (own == CONTEXT_NONE || (type != CONTEXT_NONE && own != type)) continue;
        if (request_outlives(engine, own) ||
            !is_called_so(engine, own, engine->body->locals[i + 1].name))
            continue;
        TermId value = term_param(&engine->terms, i);
        if (!is_usable(engine, state, value)) continue;
        const char *name = engine->body->locals[i + 1].name->text;
        *scope = (Scope){value, name, arena_printf(engine->arena, "parameter '%s'", name),
                         own};
        return true;
    }
    return false;
}

/* This function fills the member: it makes what holds a context, and nothing came in with it. */
static bool is_made_here(const Engine *engine, const Name *field)
{
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            if (block->ins[i].op != OP_STORE) continue;
            const Ins *at = &block->ins[engine->shape.def[block->ins[i].a]];
            if (at->op == OP_FIELD && at->field &&
                engine->unit->fields[at->field].name == field)
                return true;
        }
    }
    return false;
}

static bool scope_of_member(Engine *engine, const State *state, uint32_t wanted,
                            Scope *scope)
{
    const Fn *fn = engine->fn->fn;
    for (uint32_t i = 0; i < fn->nparam; i++) {
        const Name *record = fn->params[i].type_name;
        const char *bar = record ? strrchr(record->text, '|') : NULL;
        if (bar) record = name_of(engine->request->model->names, bar + 1);
        const uint64_t *holder =
            record ? map_get(&engine->request->all->holders, MAP_KEY(record)) : NULL;
        TermId value = term_param(&engine->terms, i);
        if (!holder || value_is_null(engine, state, value)) continue;
        const Kept *held = (const Kept *)(uintptr_t)*holder;
        while (held && ((wanted != CONTEXT_NONE && held->type != wanted) ||
                        request_outlives(engine, held->type) ||
                        !is_called_so(engine, held->type, held->field)))
            held = held->next;
        if (!held || is_made_here(engine, held->field)) continue;
        const Name *field = held->field;
        const char *text = arena_printf(
            engine->arena, "%s->%s", engine->body->locals[i + 1].name->text, field->text);
        *scope = (Scope){0, text, arena_printf(engine->arena, "member '%s'", text),
                         CONTEXT_NONE};
        return true;
    }
    return false;
}

static const char *name_of_cell(const Engine *engine, TermId address)
{
    const Term *term = &engine->terms.at[address];
    if (term->kind == TERM_LOCAL) return engine->body->locals[term->imm].name->text;
    if (term->kind != TERM_GLOBAL) return "";
    const char *colon = strrchr(term->name->text, ':');
    return colon ? colon + 1 : term->name->text;
}

/* A variable of this function, or the ambient slot, holds one. */
static bool scope_of_cell(Engine *engine, const State *state, uint32_t type, Scope *scope)
{
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        TermKind kind = engine->terms.at[cell->address].kind;
        if (cell->type.kind != TYPE_POINTER ||
            (kind != TERM_LOCAL && kind != TERM_GLOBAL))
            continue;
        const RequestMark *mark = request_mark(state, cell->value);
        bool is_ambient =
            kind == TERM_GLOBAL && request_is_ambient(engine, cell->address);
        bool is_set =
            mark && (mark->origin == MARK_DERIVED || mark->origin == MARK_INHERITED);
        if (kind == TERM_GLOBAL && !is_ambient) continue;
        if (is_ambient && request_origin(engine, state, cell->value) == MARK_INHERITED)
            is_set = true;
        if (!is_set || !is_usable(engine, state, cell->value)) continue;
        const char *name = name_of_cell(engine, cell->address);
        *scope =
            (Scope){cell->value, name, arena_printf(engine->arena, "'%s'", name), type};
        return true;
    }
    return false;
}

/* A message that this function has asked for. */
static bool scope_of_message(Engine *engine, const State *state, Scope *scope)
{
    for (uint32_t i = 0; i < state->nmark; i++) {
        const RequestMark *mark = &state->marks[i];
        if (!(mark->flags & MARK_ENTRY) || !is_usable(engine, state, mark->value))
            continue;
        *scope = (Scope){mark->value, "", "the message that was read", CONTEXT_NONE};
        return true;
    }
    return false;
}

bool request_scope(Engine *engine, const State *state, uint32_t type, Scope *scope)
{
    if (engine->request->may_root && !engine->request->entry &&
        !scope_of_param(engine, state, type, scope))
        return false;
    return scope_of_param(engine, state, type, scope) ||
           scope_of_member(engine, state, type, scope) ||
           scope_of_cell(engine, state, type, scope) ||
           (type == CONTEXT_NONE && scope_of_message(engine, state, scope));
}

/* The request has no time left: what is done now is not done for it. */
bool request_is_expired(Engine *engine, const State *state)
{
    for (uint32_t i = 0; i < state->nmark; i++) {
        const RequestMark *mark = &state->marks[i];
        if (!(mark->flags & MARK_REMAINING)) continue;
        Range range = value_range(engine, state, mark->value);
        if (range.high <= 0 || range.classes == CLASS_NULL) return true;
    }
    return false;
}

/* --- hooks ------------------------------------------------------------------------------- */

static void note_reads(Engine *engine)
{
    const Body *body = engine->body;
    engine->request->is_read =
        ARENA_ARRAY(engine->scratch, uint64_t, body->nlocal / 64 + 1);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_ADDR && ins->ref == REF_LOCAL)
                bit_set(engine->request->is_read, ins->local);
            if (ins->op != OP_CALL || !ins->fn || ins->a) continue;
            const Name *name = engine->unit->fns[ins->fn].name;
            if (context_action(engine->request->model, name, CONTEXT_ATTACH))
                engine->request->attaches = true;
        }
}

static bool may_root(const Engine *engine)
{
    const ContextModel *model = engine->request->model;
    return context_matches(&model->roots_in, engine->fn->fn->name->text) ||
           context_matches(&model->roots_files,
                           engine->unit->files[engine->fn->fn->loc.file]->text);
}

void request_begin(Engine *engine)
{
    Requests *all = engine->context->requests;
    if (!all) return;
    Request *request = ARENA_NEW(engine->scratch, Request);
    engine->request = request;
    request->all = all;
    request->model = all->model;
    request->entry = requests_entry(all, engine->fn);
    map_init(&request->fault_at, engine->scratch);
    map_init(&request->need_at, engine->scratch);
    map_init(&request->stored_at, engine->scratch);
    map_init(&request->said_at, engine->scratch);
    map_init(&request->door_at, engine->scratch);
    const Fn *fn = engine->fn->fn;
    request->param_types = ARENA_ARRAY(engine->scratch, uint32_t, fn->nparam + 1);
    for (uint32_t i = 0; i < fn->nparam; i++)
        request->param_types[i] = requests_type(all, fn->params[i].type_name);
    request->may_root = may_root(engine);
    note_reads(engine);
}

/* A load of a member that is a context: the term remembers. */
void request_load(Engine *engine, FieldId field, TermId value)
{
    if (!field || engine->terms.at[value].kind != TERM_INIT) return;
    const Name *type = engine->unit->fields[field].type_name;
    if (requests_type(engine->request->all, type) != CONTEXT_NONE)
        engine->terms.at[value].is_context = true;
}

uint32_t request_key_at(Engine *engine, const State *state, TermId at)
{
    TermId root = term_root(&engine->terms, at);
    if (engine->terms.at[root].kind != TERM_PARAM ||
        request_origin(engine, state, root) != MARK_INHERITED ||
        engine->terms.at[root].imm >= engine->fn->fn->nparam)
        return 0;
    uint32_t own = engine->request->param_types[engine->terms.at[root].imm], keys = 0;
    if (own == CONTEXT_NONE) return 0;
    const ContextType *type = &engine->request->model->types.at[own];
    for (uint32_t i = 0; i < type->nfield; i++)
        for (uint32_t f = 1; f < engine->unit->nfield; f++) {
            const Field *field = &engine->unit->fields[f];
            if (field->name == type->fields[i].field &&
                term_offset(&engine->terms, root, (int64_t)field->offset) == at)
                keys |= 1u << type->fields[i].key;
        }
    return keys;
}

static uint32_t key_of(Engine *engine, const State *state, TermId value)
{
    const Term *term = &engine->terms.at[value];
    return term->kind == TERM_INIT ? request_key_at(engine, state, term->a) : 0;
}

/* ... to an object that all requests share, or all of a connection. */
static void store_to_shared(Engine *engine, const State *state, TermId address,
                            const Term *object, TermId value)
{
    uint64_t param = (uint64_t)object->imm;
    uint32_t type = param < engine->fn->fn->nparam ? engine->request->param_types[param]
                                                   : CONTEXT_NONE;
    if (type == CONTEXT_NONE || !request_outlives(engine, type)) return;
    if (request_origin(engine, state, value) == MARK_INHERITED ||
        key_of(engine, state, value))
        map_put(&engine->request->stored_at, address, engine_number(engine) + 1, NULL);
}

/* A request's context goes to a variable that outlives it. */
void request_store(Engine *engine, const State *state, TermId address, TermId value)
{
    TermId root = term_root(&engine->terms, address);
    const Term *object = &engine->terms.at[root];
    if (object->kind == TERM_PARAM) {
        store_to_shared(engine, state, address, object, value);
        return;
    }
    if (object->kind != TERM_GLOBAL || request_is_ambient(engine, root)) return;
    const Cell *cell = state_cell(state, address);
    if (cell && cell->type.kind != TYPE_POINTER) return;
    if (!request_is_of(engine, state, value)) return;
    if (request_origin(engine, state, value) == MARK_DETACHED) return;
    map_put(&engine->request->stored_at, address, engine_number(engine) + 1, NULL);
}

static TermId before_of(Engine *engine, State *state, TermId arg)
{
    if (!arg) return 0;
    const Cell *cell = state_cell(state, arg);
    if (cell) return cell->type.kind == TYPE_POINTER ? cell->value : 0;
    const Term *term = &engine->terms.at[arg];
    if (term->kind == TERM_GLOBAL || term->kind == TERM_LOCAL)
        return memory_load(engine, state, arg, (Type){.kind = TYPE_POINTER, .size = 8},
                           0);
    return 0;
}

/* What the model speaks of does not touch the program's variables, and nobody outside the
 * program knows the ambient one. */
static void keep_globals(Engine *engine, const State *state, RequestCall *call)
{
    if ((!call->callee && !call->actions) || (call->callee && call->callee->fn->body))
        return;
    call->kept = ARENA_ARRAY(engine->scratch, Cell, state->ncell + 1);
    for (uint32_t i = 0; i < state->ncell; i++) {
        TermId root = term_root(&engine->terms, state->cells[i].address);
        if (engine->terms.at[root].kind != TERM_GLOBAL) continue;
        bool is_given = false;
        for (uint32_t k = 0; k < call->narg; k++)
            is_given |= call->args[k] && term_root(&engine->terms, call->args[k]) == root;
        if (is_given) continue;
        if (call->actions || request_is_ambient(engine, root))
            call->kept[call->nkept++] = state->cells[i];
    }
}

/* A call that only looks at what it is given, or writes there: it keeps no address of it. */
static bool is_forgetful(const RequestCall *call)
{
    const uint64_t keepers = (uint64_t)1 << CONTEXT_HANDOFF |
                             (uint64_t)1 << CONTEXT_PUSH | (uint64_t)1 << CONTEXT_SET |
                             (uint64_t)1 << CONTEXT_ATTACH | (uint64_t)1 << CONTEXT_SEND |
                             (uint64_t)1 << CONTEXT_DERIVE;
    if (!call->actions || (call->callee && call->callee->fn->body)) return false;
    for (const ContextAction *const *at = call->actions; *at; at++)
        if (keepers >> (*at)->role & 1) return false;
    return true;
}

static void note_private(Engine *engine, const State *state, RequestCall *call)
{
    if (!is_forgetful(call)) return;
    for (uint32_t i = 0; i < call->narg && call->nprivate < 8; i++) {
        TermId root = call->args[i] ? term_root(&engine->terms, call->args[i]) : 0;
        if (root && engine->terms.at[root].kind == TERM_LOCAL &&
            !state_escaped(state, root))
            call->private[call->nprivate++] = root;
    }
}

static void forget_escapes(State *state, const RequestCall *call)
{
    uint16_t kept = 0;
    for (uint16_t i = 0; i < state->nescaped; i++) {
        bool is_private = false;
        for (uint32_t k = 0; k < call->nprivate; k++)
            is_private |= call->private[k] == state->escaped[i];
        if (!is_private) state->escaped[kept++] = state->escaped[i];
    }
    state->nescaped = kept;
}

/* "operations::truncate" of `child->operations->truncate(...)`. */
static const Door *slot_of(Engine *engine, const Ins *ins)
{
    if (ins->fn || !ins->a) return NULL;
    uint32_t number = engine_number(engine);
    bool added;
    uint64_t *known = map_put(&engine->request->door_at, number, 0, &added);
    if (!added) return (const Door *)(uintptr_t)*known;
    const Block *block = &engine->body->blocks[engine->block];
    FieldId member = ir_called_member(engine->body, block, ins);
    if (!member) return NULL;
    const Door *door = requests_door(engine->request->all, &engine->unit->fields[member]);
    *map_put(&engine->request->door_at, number, 0, NULL) = MAP_KEY(door);
    return door;
}

bool request_asks_body(const RequestCall *call)
{
    for (const ContextAction *const *at = call->actions; at && *at; at++)
        if ((*at)->role != CONTEXT_INJECT && (*at)->role != CONTEXT_LOG &&
            (*at)->role != CONTEXT_REPLY)
            return false;
    return true;
}

uint32_t request_taken(Engine *engine, const RequestCall *call, uint32_t arg)
{
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    if (fn && arg < fn->nparam)
        return requests_type(engine->request->all, fn->params[arg].type_name);
    if (call->slot && arg < call->slot->ntype) return call->slot->types[arg];
    return CONTEXT_NONE;
}

RequestCall *request_before(Engine *engine, State *state, const Ins *ins,
                            const ProgramFn *callee, const TermId *args, uint32_t narg)
{
    RequestCall *call = ARENA_NEW(engine->scratch, RequestCall);
    call->ins = ins;
    call->callee = callee;
    call->slot = slot_of(engine, ins);
    call->name = callee ? callee->fn->name : NULL;
    for (uint32_t i = 0; i < narg && i < 32; i++) {
        call->args[i] = args[i];
        call->before[i] = before_of(engine, state, args[i]);
    }
    call->narg = narg < 32 ? narg : 32;
    call->actions =
        call->name ? context_actions(engine->request->model, call->name) : NULL;
    if ((!call->actions || !*call->actions) && call->slot) {
        const ContextAction *const *own =
            context_actions(engine->request->model, call->slot->name);
        if (*own) call->actions = own;
    }
    if (call->actions && !*call->actions) call->actions = NULL;
    if (!call->name && call->slot) call->name = call->slot->name;
    for (uint32_t i = 0; call->name && i < engine->request->model->entries.n; i++)
        call->is_entry |= pattern_matches(engine->request->model->entries.at[i].result_of,
                                          call->name->text, call->name->len);
    send_call(engine, state, call);
    keep_globals(engine, state, call);
    note_private(engine, state, call);
    return call;
}

void request_after(Engine *engine, State *state, RequestCall *call)
{
    if (call->is_entry && call->ins->dst) {
        TermId message = exec_val(engine, state, call->ins->dst);
        request_put(state, (RequestMark){.value = message,
                                         .origin = MARK_INHERITED,
                                         .flags = MARK_ENTRY,
                                         .ins = engine_number(engine)});
    }
    for (uint32_t i = 0; i < call->nkept; i++)
        if (call->kept[i].address) state_put(state, call->kept[i]);
    if (call->nprivate) forget_escapes(state, call);
    if (!call->actions) return;
    TermId result = call->ins->dst ? exec_val(engine, state, call->ins->dst) : 0;
    carry_call(engine, state, call, result);
}
