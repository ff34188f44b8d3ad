/*
 * Memory: cells by (object, byte offset). Offsets, not field names, so that unions, casts,
 * container_of, memset and copies come out by construction.
 *
 * The rule that keeps us quiet: what we do not know is never null. An unknown write makes
 * a value unknown; only a null constant, a zeroed range or a summary that says so makes
 * one null.
 */
#include "flow/engine.h"

#include <string.h>

enum { DEEPEST_INIT = 12, MOST_INITS = 4096, MOST_ROOTS = 64 };

/* Bit-fields stand at virtual offsets (exec.c); their byte is the low part. */
static int64_t byte_of(int64_t offset)
{
    return offset >> BIT_OFFSET_SHIFT > 0
               ? offset & (((int64_t)1 << BIT_OFFSET_SHIFT) - 1)
               : offset;
}

static TermId zero_of(Engine *engine, Type type, uint32_t origin)
{
    return type.kind == TYPE_POINTER ? term_null(&engine->terms, origin)
                                     : term_int(&engine->terms, 0);
}

/* --- what was there before the function ran ------------------------------------------- */

static TermId init_value(Engine *engine, const ProgramGlobal *global, const Init *init,
                         Type type, uint32_t origin)
{
    switch (init->kind) {
    case INIT_INT:
        return init->value == 0 ? zero_of(engine, type, origin)
                                : term_int(&engine->terms, init->value);
    case INIT_NULL: return term_null(&engine->terms, origin);
    case INIT_FN:
        return term_named(
            &engine->terms, TERM_FN,
            program_fn(engine->context->program, global->unit, init->fn)->link_name);
    case INIT_GLOBAL:
        return term_named(
            &engine->terms, TERM_GLOBAL,
            program_global(engine->context->program, global->unit, init->global)
                ->link_name);
    case INIT_STRING: return term_string(&engine->terms, UINT32_MAX);
    case INIT_UNKNOWN: break;
    }
    return 0;
}

/* What a global's initialiser says stands there; 0: not known. */
static TermId load_initial(Engine *engine, const ProgramGlobal *global, int64_t offset,
                           Type type)
{
    bool is_whole = global->global->type.kind == TYPE_POINTER;
    Origin empty = {.kind = is_whole && engine->is_start ? ORIGIN_CONST : ORIGIN_ZEROED,
                    .ins = NO_INS,
                    .callee = global->link_name};
    uint32_t origin = note_origin(engine, empty);
    for (uint32_t i = 0; i < global->global->ninit && i < MOST_INITS; i++) {
        const Init *init = &global->global->inits[i];
        if ((int64_t)init->offset == offset)
            return init_value(engine, global, init, type, origin);
    }
    bool in_range = global->global->type.size > offset && offset >= 0;
    if (!(global->global->flags & GLOBAL_ZEROED) || !in_range) return 0;
    return global->global->ninit < MOST_INITS ? zero_of(engine, type, origin) : 0;
}

/* A global that nobody writes holds its initialiser for ever, any other one until main() or
 * what it calls writes there (start). 0: not known. */
static TermId load_constant(Engine *engine, TermId object, int64_t offset, Type type,
                            bool start)
{
    const Term *term = &engine->terms.at[object];
    if (term->kind != TERM_GLOBAL) return 0;
    const ProgramGlobal *global =
        program_find_global(engine->context->program, term->name);
    if (!global || !global->global || (global->global->flags & GLOBAL_EXTERN)) return 0;
    bool is_set = global->is_written || global->is_escaped;
    bool is_own = global->global->flags & (GLOBAL_CONST | GLOBAL_STATIC);
    bool is_const = (global->global->flags & GLOBAL_CONST) || (!is_set && is_own);
    return is_const || start ? load_initial(engine, global, offset, type) : 0;
}

/* Was the object at the end of this chain of pointers changed by something unknown? */
static const Havoc *find_havoc(const Engine *engine, const State *state, TermId address)
{
    if (state->is_lost) return &state->havocs[0];
    for (TermId root = address; root;) {
        root = term_root(&engine->terms, root);
        const Term *term = &engine->terms.at[root];
        for (uint16_t i = 0; i < state->nhavoc; i++)
            if (state->havocs[i].root == root ||
                (state->havocs[i].root == 0 && term->kind == TERM_GLOBAL))
                return &state->havocs[i];
        if (term->kind == TERM_INIT)
            root = term->a;
        else if (term->kind == TERM_FRESH && term->calc == (Calc)FRESH_HAVOC)
            root = term->a;
        else
            break;
    }
    return NULL;
}

/* Was it perhaps written through another pointer? */
static const Stale *find_stale(const Engine *engine, const State *state, TermId object,
                               int64_t offset, FieldId field)
{
    TermKind kind = engine->terms.at[term_root(&engine->terms, object)].kind;
    if (kind == TERM_LOCAL || kind == TERM_GLOBAL) return NULL;
    for (uint16_t i = 0; i < state->nstale; i++) {
        const Stale *stale = &state->stale[i];
        /* An embedded member stands at another offset of its object. */
        bool same = field ? stale->field == field : stale->offset == offset;
        if (same && !(stale->object == object && stale->offset == offset)) return stale;
    }
    return NULL;
}

TermId memory_unmapped(Engine *engine, const State *state, TermId address, Type type,
                       FieldId field)
{
    int64_t offset;
    TermId object = term_object(&engine->terms, address, &offset);
    TermId root = term_root(&engine->terms, address);
    for (uint16_t i = state->nzeroed; i-- > 0;) {
        const Zeroed *zeroed = &state->zeroed[i];
        if (zeroed->object == object && byte_of(offset) >= zeroed->low &&
            byte_of(offset) < zeroed->high)
            return zero_of(engine, type, zeroed->origin);
    }
    const Term *term = &engine->terms.at[root];
    if (type.kind == TYPE_AGGREGATE)
        return term_fresh(&engine->terms, FRESH_OPAQUE, UINT32_MAX, address);
    const Havoc *havoc = find_havoc(engine, state, address);
    if (term->kind == TERM_LOCAL && !havoc) {
        bool whole = object == root && address == root;
        return term_fresh(&engine->terms, whole ? FRESH_UNSET : FRESH_HAVOC, UINT32_MAX,
                          address);
    }
    TermId constant = load_constant(engine, object, offset, type,
                                    engine->is_start && !havoc && !state->nstale);
    if (constant) return constant;
    if (havoc) return term_fresh(&engine->terms, FRESH_HAVOC, havoc->ins, address);
    const Stale *stale = state->nstale && type.kind == TYPE_POINTER
                             ? find_stale(engine, state, object, offset, field)
                             : NULL;
    if (stale) return term_fresh(&engine->terms, FRESH_HAVOC, stale->ins, address);
    if (engine->terms.at[address].depth > DEEPEST_INIT)
        return term_fresh(&engine->terms, FRESH_HAVOC, UINT32_MAX, address);
    return term_init(&engine->terms, address);
}

TermId memory_load(Engine *engine, State *state, TermId address, Type type, FieldId field)
{
    address = state_canon(state, address);
    Cell *cell = state_cell(state, address);
    if (cell) return state_canon(state, cell->value);
    TermId value = memory_unmapped(engine, state, address, type, field);
    if (type.kind != TYPE_AGGREGATE)
        state_put(
            state,
            (Cell){.address = address, .value = value, .type = type, .field = field});
    return state_canon(state, value);
}

/* --- writing --------------------------------------------------------------------------- */

/* Objects that nothing we do not know points to. */
static bool is_private(const Engine *engine, const State *state, TermId root)
{
    const Term *term = &engine->terms.at[root];
    if (term->kind == TERM_LOCAL || term->kind == TERM_FRESH) {
        bool is_new = term->kind == TERM_LOCAL || term->calc == (Calc)FRESH_RESULT ||
                      term->calc == (Calc)FRESH_NEW;
        return is_new && !state_escaped(state, root);
    }
    return false;
}

/* A variable that nothing in the function points to. */
static bool is_unreachable(const Engine *engine, TermId root)
{
    const Term *term = &engine->terms.at[root];
    if (term->kind != TERM_LOCAL) return false;
    const Local *local = &engine->body->locals[term->imm];
    return local->type.kind != TYPE_AGGREGATE && !(local->flags & LOCAL_ADDRESS_TAKEN);
}

/* Can a store through `root` change the cell? Both stand at the same offset. */
static bool may_alias(const Engine *engine, const State *state, TermId root,
                      FieldId field, const Cell *cell)
{
    if (field && cell->field && field != cell->field) return false;
    TermId other = term_root(&engine->terms, cell->address);
    if (other == root) return true;
    TermKind mine = engine->terms.at[root].kind, theirs = engine->terms.at[other].kind;
    bool mine_named = mine == TERM_LOCAL || mine == TERM_GLOBAL;
    bool theirs_named = theirs == TERM_LOCAL || theirs == TERM_GLOBAL;
    if (mine_named && theirs_named) return false;
    if (is_unreachable(engine, root) || is_unreachable(engine, other)) return false;
    if (is_private(engine, state, root) || is_private(engine, state, other)) {
        /* A pointer that paths agreed on by name only may still be the private object. */
        const Term *term =
            &engine->terms.at[is_private(engine, state, other) ? root : other];
        return term->kind == TERM_FRESH && term->calc == (Calc)FRESH_PHI;
    }
    return !mine_named && !theirs_named;
}

static bool is_indexed(const Engine *engine, TermId address)
{
    while (engine->terms.at[address].kind == TERM_OFFSET)
        address = engine->terms.at[address].a;
    return engine->terms.at[address].kind == TERM_INDEX;
}

static void cell_lose(Engine *engine, Cell *cell)
{
    cell->value =
        term_fresh(&engine->terms, FRESH_HAVOC, engine_number(engine), cell->address);
    cell->is_written = true;
}

/* Two out-parameters: nobody hands in the same variable for both. */
static bool are_outs(const Engine *engine, TermId a, TermId b, Type type)
{
    return type.kind == TYPE_POINTER && engine->terms.at[a].kind == TERM_PARAM &&
           engine->terms.at[b].kind == TERM_PARAM;
}

/* Values elsewhere that this store may have changed become unknown. */
static void store_aliases(Engine *engine, State *state, TermId address, Type type,
                          FieldId field)
{
    int64_t offset, other;
    TermId object = term_object(&engine->terms, address, &offset);
    TermId root = term_root(&engine->terms, address);
    bool indexed = is_indexed(engine, address);
    for (uint32_t i = 0; i < state->ncell; i++) {
        Cell *cell = &state->cells[i];
        if (cell->address == address || cell->type.kind != type.kind) continue;
        TermId cell_object = term_object(&engine->terms, cell->address, &other);
        if (cell_object == object) continue; /* same object, other offset */
        bool same_root = term_root(&engine->terms, cell->address) == root;
        bool elements = indexed || is_indexed(engine, cell->address);
        bool member = field && cell->field == field; /* also where it is embedded */
        if (!elements && !member && other != offset) continue;
        if (same_root && !elements) continue;
        if (are_outs(engine, address, cell->address, type)) continue;
        if (may_alias(engine, state, root, field, cell)) cell_lose(engine, cell);
    }
}

static void forget_zeroed(State *state, TermId object, int64_t low, int64_t high)
{
    uint16_t kept = 0;
    for (uint16_t i = 0; i < state->nzeroed; i++) {
        Zeroed zeroed = state->zeroed[i];
        bool covered =
            zeroed.object == object && zeroed.low >= low && zeroed.high <= high;
        if (!covered) state->zeroed[kept++] = zeroed;
    }
    state->nzeroed = kept;
}

/* What a pointer stored where others can find it makes reachable. */
static void store_escapes(Engine *engine, State *state, TermId address, TermId value)
{
    TermId to = term_root(&engine->terms, address),
           from = term_root(&engine->terms, value);
    TermKind kind = engine->terms.at[from].kind;
    if (kind != TERM_LOCAL && kind != TERM_FRESH) return;
    if (!is_private(engine, state, to)) state_escape(state, from);
}

/* An element that nobody knows was written: those from the first on are not zero any more. */
static void cut_zeroed(Engine *engine, State *state, TermId address)
{
    while (engine->terms.at[address].kind != TERM_INDEX)
        address = engine->terms.at[address].a;
    int64_t first;
    TermId object = term_object(&engine->terms, engine->terms.at[address].a, &first);
    for (uint16_t i = 0; i < state->nzeroed; i++)
        if (state->zeroed[i].object == object && state->zeroed[i].high > first)
            state->zeroed[i].high =
                first > state->zeroed[i].low ? first : state->zeroed[i].low;
}

/* A pointer member written through a pointer that may be another's alias. */
static void store_through(Engine *engine, State *state, TermId address, FieldId field)
{
    TermId root = term_root(&engine->terms, address);
    TermKind kind = engine->terms.at[root].kind;
    if (kind == TERM_LOCAL || kind == TERM_GLOBAL || is_private(engine, state, root))
        return;
    Stale stale = {.field = field, .ins = engine_number(engine)};
    stale.object = term_object(&engine->terms, address, &stale.offset);
    if (field) state_stale(state, stale);
}

void memory_store(Engine *engine, State *state, TermId address, TermId value, Type type,
                  FieldId field)
{
    address = state_canon(state, address);
    if (type.kind == TYPE_AGGREGATE) {
        memory_havoc(engine, state, address, engine_number(engine));
        return;
    }
    store_aliases(engine, state, address, type, field);
    if (state->nzeroed && is_indexed(engine, address)) cut_zeroed(engine, state, address);
    if (type.kind == TYPE_POINTER) {
        store_escapes(engine, state, address, value);
        store_through(engine, state, address, field);
    }
    state_put(state, (Cell){.address = address,
                            .value = value,
                            .type = type,
                            .field = field,
                            .is_written = true});
}

static void drop_cells(Engine *engine, State *state, TermId object, int64_t low,
                       int64_t high)
{
    uint32_t kept = 0;
    int64_t offset;
    for (uint32_t i = 0; i < state->ncell; i++) {
        TermId its = term_object(&engine->terms, state->cells[i].address, &offset);
        bool inside = its == object && byte_of(offset) >= low && byte_of(offset) < high;
        bool element = its != object && term_root(&engine->terms, its) == object;
        if (!inside && !element) state->cells[kept++] = state->cells[i];
    }
    state->ncell = kept;
}

static void add_zeroed(State *state, Zeroed zeroed)
{
    if (state->nzeroed == MAX_ZEROED) {
        memmove(state->zeroed, state->zeroed + 1, (MAX_ZEROED - 1) * sizeof zeroed);
        state->nzeroed--;
    }
    state->zeroed[state->nzeroed++] = zeroed;
}

void memory_fill(Engine *engine, State *state, TermId address, int64_t bytes,
                 uint32_t origin)
{
    int64_t low, high;
    address = state_canon(state, address);
    TermId object = term_object(&engine->terms, address, &low);
    if (bytes <= 0 || __builtin_add_overflow(low, bytes, &high)) high = INT64_MAX;
    drop_cells(engine, state, object, low, high);
    forget_zeroed(state, object, low, high);
    add_zeroed(state, (Zeroed){object, low, high, origin});
}

static void havoc_add(State *state, TermId root, uint32_t ins)
{
    for (uint16_t i = 0; i < state->nhavoc; i++)
        if (state->havocs[i].root == root) {
            state->havocs[i].ins = ins;
            return;
        }
    if (state->nhavoc == MAX_HAVOC) { /* too many to remember one by one: everything */
        state->is_lost = true;
        state->havocs[0].ins = ins;
        return;
    }
    state->havocs[state->nhavoc++] = (Havoc){root, ins};
}

/* A range we know nothing of any more. */
static void forget_range(Engine *engine, State *state, TermId object, int64_t low,
                         int64_t high)
{
    int64_t offset;
    drop_cells(engine, state, object, low, high);
    for (uint16_t i = 0; i < state->nzeroed; i++)
        if (state->zeroed[i].object == object)
            state->zeroed[i].high = state->zeroed[i].low;
    for (uint32_t i = 0; i < state->ncell; i++)
        if (term_object(&engine->terms, state->cells[i].address, &offset) == object)
            state->cells[i].is_written = true;
    havoc_add(state, term_root(&engine->terms, object), engine_number(engine));
}

void memory_copy(Engine *engine, State *state, TermId to, TermId from, int64_t bytes)
{
    int64_t to_low, from_low, offset;
    to = state_canon(state, to);
    from = state_canon(state, from);
    TermId to_object = term_object(&engine->terms, to, &to_low);
    TermId from_object = term_object(&engine->terms, from, &from_low);
    if (bytes <= 0) bytes = INT64_MAX / 4;
    VEC(Cell) moved = {0};
    for (uint32_t i = 0; i < state->ncell; i++) {
        Cell cell = state->cells[i];
        if (term_object(&engine->terms, cell.address, &offset) != from_object) continue;
        if (byte_of(offset) < from_low || byte_of(offset) - from_low >= bytes) continue;
        cell.address = term_offset(&engine->terms, to_object, to_low + offset - from_low);
        cell.is_written = true;
        vec_push(state->arena, &moved, cell);
    }
    Zeroed zeroed = {0};
    for (uint16_t i = 0; i < state->nzeroed; i++) {
        Zeroed at = state->zeroed[i];
        if (at.object == from_object && at.low <= from_low && at.high > from_low)
            zeroed = at;
    }
    forget_range(engine, state, to_object, to_low, to_low + bytes);
    export_overwrite(engine, state, to_object);
    if (zeroed.object) {
        int64_t size = zeroed.high - from_low < bytes ? zeroed.high - from_low : bytes;
        add_zeroed(state, (Zeroed){to_object, to_low, to_low + size, zeroed.origin});
    }
    for (uint32_t i = 0; i < moved.n; i++)
        state_put(state, moved.at[i]);
}

/* Objects that something unknown may have changed, and what they point to. */
typedef struct Roots {
    TermId at[MOST_ROOTS];
    uint64_t some; /* bit (id % 64) is set for each of them: most others are told by it */
    uint32_t n;
    bool globals;
} Roots;

static uint64_t root_bit(TermId root)
{
    return (uint64_t)1 << (root % 64);
}

static bool roots_have(const Roots *roots, TermId root)
{
    if (!(roots->some & root_bit(root))) return false;
    for (uint32_t i = 0; i < roots->n; i++)
        if (roots->at[i] == root) return true;
    return false;
}

static void roots_add(Roots *roots, TermId root)
{
    if (roots->n == MOST_ROOTS || roots_have(roots, root)) return;
    roots->at[roots->n++] = root;
    roots->some |= root_bit(root);
}

/* Does the chain of pointers that leads to this address pass through one of them? */
static bool reaches(const Engine *engine, const Roots *roots, TermId address)
{
    for (TermId at = term_root(&engine->terms, address); at;) {
        const Term *term = &engine->terms.at[at];
        if (roots_have(roots, at) || (roots->globals && term->kind == TERM_GLOBAL))
            return true;
        bool chained = term->kind == TERM_INIT ||
                       (term->kind == TERM_FRESH && term->calc == (Calc)FRESH_HAVOC);
        if (!chained || !term->a) return false;
        at = term_root(&engine->terms, term->a);
    }
    return false;
}

/* A pointer to something that is not reached by name already. */
static bool leads_on(const Engine *engine, TermId value)
{
    const Term *term = &engine->terms.at[value];
    if (term->kind == TERM_LOCAL) return true;
    return term->kind == TERM_FRESH && term->calc != (Calc)FRESH_HAVOC;
}

static void havoc_pass(Engine *engine, State *state, const Roots *roots, Roots *more)
{
    uint32_t kept = 0;
    engine->nstep += state->ncell / 16;
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        bool reached = reaches(engine, roots, cell->address);
        if (reached && roots->globals) { /* a global that nobody writes keeps its value */
            int64_t offset;
            TermId object = term_object(&engine->terms, cell->address, &offset);
            reached = !load_constant(engine, object, offset, cell->type, false);
        }
        if (reached && more && cell->type.kind == TYPE_POINTER) {
            TermId value = term_root(&engine->terms, cell->value);
            if (leads_on(engine, value) && !roots_have(roots, value))
                roots_add(more, value);
        }
        if (reached) continue;
        if (kept != i) state->cells[kept] = *cell;
        kept++;
    }
    state->ncell = kept;
}

static void havoc_zeroed(const Engine *engine, State *state, const Roots *roots)
{
    for (uint16_t i = 0; i < state->nzeroed; i++)
        if (reaches(engine, roots, state->zeroed[i].object))
            state->zeroed[i].high = state->zeroed[i].low;
}

/* Cells that unknown code may have written are dropped: reading one finds the havoc. New
 * objects they pointed to are reached too, one level on. */
static void havoc_cells(Engine *engine, State *state, const Roots *roots, uint32_t ins)
{
    Roots more = {.n = 0};
    havoc_pass(engine, state, roots, &more);
    for (uint32_t i = 0; i < more.n; i++)
        havoc_add(state, more.at[i], ins);
    if (more.n) havoc_zeroed(engine, state, &more);
    if (more.n) havoc_pass(engine, state, &more, NULL);
}

void memory_havoc_all(Engine *engine, State *state, const TermId *from, uint32_t n,
                      bool globals, uint32_t ins)
{
    Roots roots = {.globals = globals};
    for (uint32_t i = 0; i < n; i++) {
        TermId root = term_root(&engine->terms, state_canon(state, from[i]));
        TermKind kind = engine->terms.at[root].kind;
        if (kind != TERM_INT && kind != TERM_NULL && kind != TERM_FN &&
            kind != TERM_STRING)
            roots_add(&roots, root);
    }
    if (!roots.n && !globals) return;
    if (globals) havoc_add(state, 0, ins);
    for (uint32_t i = 0; i < roots.n; i++)
        havoc_add(state, roots.at[i], ins);
    havoc_zeroed(engine, state, &roots);
    havoc_cells(engine, state, &roots, ins);
}

void memory_havoc(Engine *engine, State *state, TermId root, uint32_t ins)
{
    memory_havoc_all(engine, state, &root, 1, false, ins);
}
