/*
 * Evidence: what a function shows of what its author believes. A pointer that is asked for
 * before it is used may be null to this author; one that is used at once may not.
 *
 * Evidence is about sites, not about states: whatever number of paths reach a call, it is one
 * site, and it is checked when its result was asked for on any of them. For a field or a
 * global the site is the function and what is written there: `c->ssl` is one place of a
 * function, whether it is read once or, calls in between, ten times.
 */
#include "flow/engine.h"

#include "base/hash.h"

/* What was seen of one place that is read. */
typedef enum Seen {
    SEEN_ASKED = 1,
    SEEN_ASKED_MACRO = 2,
    SEEN_ASSERTED = 4,
    SEEN_LOOP = 8,       /* asked by a loop's condition */
    SEEN_VALID = 16,     /* used where it is known not to be null */
    SEEN_UNCHECKED = 32, /* used where it is not */
    SEEN_PLAIN = 64,     /* ... and nothing else of the same object was asked before */
    SEEN_NULL = 128,     /* RESULT: used where it is known to be null */
    SEEN_ZERO = 256,     /* RESULT, a number: asked whether it is zero */
    SEEN_SIGN = 512,     /* ... whether it is negative */
    SEEN_EQUAL = 1024,   /* ... whether it is some other constant */
    SEEN_ANY_TEST = SEEN_ASKED | SEEN_ASKED_MACRO | SEEN_ASSERTED | SEEN_LOOP
} Seen;

/* Results are known by their call, all else by its expression. */
#define CALL_KEY ((uint64_t)1 << 63)
/* In result_of: it is an argument of the call, and had a name before. */
#define HANDED_BACK ((uint64_t)1 << 32)
/* In use_of: a path, not a term. */
#define PATH_KEY ((uint64_t)1 << 63)

struct Use {
    Slot slot;
    uint32_t seen;            /* set of Seen */
    uint32_t first;           /* instruction of the first use without asking */
    uint32_t asked;           /* instruction of the first test */
    uint32_t call;            /* RESULT: number + 1 */
    uint32_t place;           /* see Evidence.place */
    bool is_passed, is_apart; /* the first use: by a callee; not only where paths met */
    Val what;                 /* the first use: the pointer */
    const Name *reached;      /* the record that is reached through it, NULL unknown */
    Member member;            /* FIELD */
    bool is_called;           /* the first use: as a function */
};

/* --- places ---------------------------------------------------------------------------- */

/* The path by which a value is reached from the function's entry. Values that memory holds at
 * different times on one path are one: what a call may have changed in between is still what
 * the caller asked for. */
static uint64_t path_key(TermKind kind, int64_t imm, const Name *name, uint64_t from)
{
    uint64_t key = hash_word((uint64_t)kind + 1) ^ (uint64_t)imm * 0x9e3779b97f4a7c15u;
    return hash_word(key ^ (name ? (uint64_t)name->hash << 20 : 0) ^ from);
}

static bool is_later(const Term *term)
{
    return term->kind == TERM_FRESH && term->a &&
           (term->calc == (Calc)FRESH_HAVOC || term->calc == (Calc)FRESH_PHI);
}

/* Bit set of the parameters that keep the value they came with. */
static const uint64_t *kept_params(Engine *engine)
{
    if (engine->kept_params) return engine->kept_params;
    const Body *body = engine->body;
    uint32_t n = engine->fn->fn->nparam;
    uint64_t *kept = ARENA_ARRAY(engine->scratch, uint64_t, n / 64 + 1);
    for (uint32_t i = 0; i < n; i++)
        if (!(body->locals[i + 1].flags & LOCAL_ADDRESS_TAKEN)) bit_set(kept, i);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op != OP_STORE) continue;
            const Ins *to = &body->blocks[b].ins[engine->shape.def[ins->a]];
            bool param = to->op == OP_ADDR && to->ref == REF_LOCAL && to->local <= n;
            if (param)
                kept[(to->local - 1) / 64] &= ~((uint64_t)1 << (to->local - 1) % 64);
        }
    return engine->kept_params = kept;
}

/* What a parameter's variable holds, also where the state has lost it: the parameter, counted
 * from 1; 0: something else. */
static uint32_t param_of(Engine *engine, const Term *term)
{
    if (term->kind == TERM_PARAM) return (uint32_t)term->imm + 1;
    if (!is_later(term) || engine->terms.at[term->a].kind != TERM_LOCAL) return 0;
    uint32_t local = (uint32_t)engine->terms.at[term->a].imm;
    if (!local || local > engine->fn->fn->nparam) return 0;
    return bit_get(kept_params(engine), local - 1) ? local : 0;
}

static uint64_t value_path(Engine *engine, TermId id)
{
    const Term *term = &engine->terms.at[id];
    uint32_t param = param_of(engine, term);
    if (param) return path_key(TERM_PARAM, param - 1, NULL, 0);
    if (term->kind == TERM_INIT || is_later(term))
        return path_key(TERM_INIT, 0, NULL, value_path(engine, term->a));
    if (term->kind == TERM_OFFSET)
        return path_key(TERM_OFFSET, term->imm, NULL, value_path(engine, term->a));
    if (term->kind == TERM_INDEX)
        return path_key(TERM_INDEX, 0, NULL, value_path(engine, term->a));
    bool named = term->kind == TERM_LOCAL || term->kind == TERM_GLOBAL;
    return path_key(term->kind, named ? term->imm : (int64_t)id, term->name, 0);
}

static uint64_t summary_path(const Summary *summary, TermId id)
{
    const SummaryTerm *term = &summary->terms[id];
    if (term->kind == TERM_INIT || term->kind == TERM_OFFSET || term->kind == TERM_INDEX)
        return path_key(term->kind, term->kind == TERM_OFFSET ? term->imm : 0, NULL,
                        summary_path(summary, term->a));
    return path_key(term->kind, term->imm, term->name, 0);
}

/* The number of a path that callers can follow; 0 for others. */
static uint32_t place_of(Engine *engine, TermId id)
{
    for (TermId at = id; at; at = engine->terms.at[at].a) {
        const Term *term = &engine->terms.at[at];
        if (term->kind == TERM_GLOBAL || param_of(engine, term))
            return (uint32_t)value_path(engine, id) | 1;
        if (term->kind != TERM_INIT && term->kind != TERM_OFFSET && !is_later(term))
            return 0;
    }
    return 0;
}

static uint32_t place_in(const Summary *summary, TermId id)
{
    for (TermId at = id; at; at = summary->terms[at].a) {
        const SummaryTerm *term = &summary->terms[at];
        if (term->kind == TERM_PARAM || term->kind == TERM_GLOBAL)
            return (uint32_t)summary_path(summary, id) | 1;
        if (term->kind != TERM_INIT && term->kind != TERM_OFFSET) return 0;
    }
    return 0;
}

/* The object, or the pointer to it, that an address lies in. */
static Val object_of(const Engine *engine, const Block *block, Val val)
{
    while (block->ins[engine->shape.def[val]].op == OP_FIELD)
        val = block->ins[engine->shape.def[val]].a;
    return val;
}

static Use *use_put(Engine *engine, uint64_t key, Use use)
{
    bool added;
    uint64_t *at = map_put(&engine->use_at, key, engine->uses.n, &added);
    if (added) vec_push(engine->scratch, &engine->uses, use);
    return &engine->uses.at[*at];
}

/* --- values that come from a slot ------------------------------------------------------ */

void believe_result(Engine *engine, TermId result, const TermId *args, uint32_t narg)
{
    const Term *term = &engine->terms.at[result];
    if (term->kind == TERM_INT || term_is_address(&engine->terms, result)) return;
    uint64_t number = engine_number(engine);
    for (uint32_t i = 0; i < narg; i++)
        if (args[i] == result) number |= HANDED_BACK;
    *map_put(&engine->result_of, result, 0, NULL) = number;
}

uint32_t believe_call(const Engine *engine, TermId id)
{
    const Term *term = &engine->terms.at[id];
    if (term->kind == TERM_NULL) {
        const Origin *origin = &engine->origins.at[term->imm];
        bool given = origin->kind == ORIGIN_RETURN || origin->kind == ORIGIN_ALLOC;
        return given ? origin->ins : UINT32_MAX;
    }
    const uint64_t *known = map_get(&engine->result_of, id);
    return known ? (uint32_t)*known : UINT32_MAX;
}

static bool slot_at(const Engine *engine, TermId address, FieldId field, Slot *slot)
{
    const Program *program = engine->context->program;
    const Term *term = &engine->terms.at[address];
    *slot = (Slot){.kind = SLOT_FIELD};
    if (field) slot->name = program_field(program, engine->unit, field);
    if (!field && term->kind == TERM_GLOBAL)
        *slot = (Slot){.kind = SLOT_GLOBAL, .name = term->name};
    return slot->name != NULL;
}

void believe_load(Engine *engine, Val from, FieldId field, TermId address, TermId value)
{
    Term *term = &engine->terms.at[value];
    if (term->is_read || !(term->kind == TERM_INIT || is_later(term))) return;
    Slot slot;
    if (map_get(&engine->result_of, value) || !slot_at(engine, address, field, &slot))
        return;
    term->is_read = true;
    const Block *block = &engine->body->blocks[engine->block];
    uint64_t key = guard_expression(engine, block, from) & ~CALL_KEY;
    Use new = {.slot = slot};
    if (field) {
        new.member.field = field;
        new.member.owner =
            guard_expression(engine, block, object_of(engine, block, from));
    }
    Use *use = use_put(engine, key, new);
    uint64_t number = (uint64_t)(use - engine->uses.at);
    if (!use->place) use->place = place_of(engine, value);
    map_put(&engine->use_of, value, number, NULL);
    map_put(&engine->use_of, PATH_KEY | value_path(engine, value), number, NULL);
}

Slot believe_slot(const Engine *engine, TermId id)
{
    if (!id || !engine->terms.at[id].is_read) return (Slot){0};
    return engine->uses.at[*map_get(&engine->use_of, id)].slot;
}

static Use *use_of_call(Engine *engine, uint32_t call)
{
    Use use = {.slot = {.kind = SLOT_RESULT}, .call = call + 1};
    return use_put(engine, CALL_KEY | call, use);
}

/* What is known of the place that this value was read from; NULL: it was not read. */
static Use *use_of(Engine *engine, TermId id)
{
    uint32_t call = believe_call(engine, id);
    const uint64_t *given = map_get(&engine->result_of, id);
    if (given && (*given & HANDED_BACK)) call = UINT32_MAX;
    if (call != UINT32_MAX) return use_of_call(engine, call);
    if (!engine->terms.at[id].is_read) return NULL;
    return &engine->uses.at[*map_get(&engine->use_of, id)];
}

const ProgramFn *believe_callee(const Engine *engine, uint32_t number)
{
    const Ins *ins;
    if (number >= engine->shape.nins) return NULL;
    guard_block(engine, number, &ins);
    if (ins->op != OP_CALL || !ins->fn || ins->a) return NULL;
    return program_fn(engine->context->program, engine->unit, ins->fn);
}

static uint64_t call_key(const Engine *engine, uint32_t number)
{
    const Ins *ins;
    const Block *block = guard_block(engine, number, &ins);
    return ins->dst ? guard_expression(engine, block, ins->dst) : number;
}

/* --- asking and using ------------------------------------------------------------------ */

/* Where this branch can go, the program ends at once. */
static bool is_fatal(const Engine *engine, uint32_t block)
{
    const Block *to = &engine->body->blocks[block];
    if (to->ins[to->nins - 1].op == OP_STOP) return true;
    for (uint32_t i = 0; i < to->nins; i++) {
        const Ins *ins = &to->ins[i];
        if (ins->op != OP_CALL || !ins->fn || ins->a) continue;
        if (program_fn(engine->context->program, engine->unit, ins->fn)->is_noreturn)
            return true;
    }
    return false;
}

void believe_asked(Engine *engine, TermId id, const Ins *ins)
{
    Use *use = use_of(engine, id);
    if (!use) return;
    const Block *block = &engine->body->blocks[engine->block];
    bool in_macro = ins->macro && !(ins->flags & INS_MACRO_ARG);
    uint32_t here = engine_number(engine);
    if (!(use->seen & SEEN_ANY_TEST) || here < use->asked) use->asked = here;
    if (ins->flags & INS_LOOP_BRANCH) /* a loop's end is no caution */
        use->seen |= SEEN_LOOP;
    else if (is_fatal(engine, block->succ[0]) || is_fatal(engine, block->succ[1]))
        use->seen |= in_macro ? SEEN_ASKED_MACRO | SEEN_ASSERTED : SEEN_ASSERTED;
    else
        use->seen |= in_macro ? SEEN_ASKED_MACRO : SEEN_ASKED;
}

void believe_status(Engine *engine, TermId condition, uint32_t call)
{
    const Term *term = &engine->terms.at[condition];
    int64_t value = 0;
    while (term->kind == TERM_CALC && term->calc == CALC_NOT)
        term = &engine->terms.at[term->a];
    bool sign = term->kind == TERM_CALC && term->calc == CALC_LT;
    bool equal = term->kind == TERM_CALC && term->calc == CALC_EQ &&
                 term_is_int(&engine->terms, term->b, &value);
    bool zero = term->kind == TERM_FRESH || (equal && value == 0);
    if (!sign && !zero && !equal) return;
    use_of_call(engine, call)->seen |= sign ? SEEN_SIGN : zero ? SEEN_ZERO : SEEN_EQUAL;
}

/* The record that is reached through the pointer: this access is to one of its members. */
static void see_record(const Engine *engine, Use *use, Val address)
{
    const Block *block = &engine->body->blocks[engine->block];
    const Name *record = NULL;
    while (address) {
        const Ins *def = &block->ins[engine->shape.def[address]];
        if (def->op != OP_FIELD && def->op != OP_INDEX) break;
        if (def->op == OP_FIELD) record = engine->unit->fields[def->field].record;
        address = def->a;
    }
    if (!use->reached) use->reached = record;
}

void believe_valid(Engine *engine, TermId id, Val address)
{
    Use *use = engine->terms.at[id].is_read ? use_of(engine, id) : NULL;
    if (!use) return;
    use->seen |= SEEN_VALID;
    see_record(engine, use, address);
}

void believe_unchecked(Engine *engine, const State *state, TermId id, Val what,
                       Val address, CandidateKind kind)
{
    Use *use = use_of(engine, id);
    if (!use) return;
    see_record(engine, use, address);
    uint32_t here = engine_number(engine);
    bool plain = use->slot.kind == SLOT_RESULT;
    if (!plain && !((use->seen & SEEN_PLAIN) && here >= use->first))
        plain = !guard_covers(engine, state, id, use->member);
    /* One without a guard says more than one that comes before it. */
    bool says_more = plain && !(use->seen & SEEN_PLAIN);
    bool is_first = here < use->first && (plain || !(use->seen & SEEN_PLAIN));
    if (!(use->seen & SEEN_UNCHECKED) || says_more || is_first) {
        use->first = here;
        use->is_passed = kind == CANDIDATE_ARG;
        use->what = what;
        use->is_called = kind == CANDIDATE_CALL;
    }
    use->seen |= plain ? SEEN_UNCHECKED | SEEN_PLAIN : SEEN_UNCHECKED;
    if (!state->is_merged) use->is_apart = true;
}

void believe_null_used(Engine *engine, uint32_t call)
{
    Use *use = use_of_call(engine, call);
    use->seen |= SEEN_NULL;
}

/* --- assigning and passing ------------------------------------------------------------- */

static void evidence_add(Engine *engine, Evidence evidence)
{
    vec_push(engine->arena, &engine->evidence, evidence);
}

/* A null on some path is a null; else not knowing is more than knowing. */
static EvidenceKind set_kind(Engine *engine, const State *state, TermId address,
                             TermId value)
{
    const Term *root = &engine->terms.at[term_root(&engine->terms, address)];
    bool is_new = root->kind == TERM_LOCAL || root->kind == TERM_FRESH;
    Range range = value_range(engine, state, value);
    if (range.classes == CLASS_NULL) return is_new ? EVIDENCE_SET_NEW : EVIDENCE_SET_NULL;
    return range.classes & CLASS_NULL ? EVIDENCE_SET_UNKNOWN : EVIDENCE_SET_VALID;
}

static bool outweighs(EvidenceKind kind, EvidenceKind known)
{
    bool null = known == EVIDENCE_SET_NULL || known == EVIDENCE_SET_NEW;
    return !null && known != kind && kind != EVIDENCE_SET_VALID;
}

void believe_store(Engine *engine, const State *state, TermId address, FieldId field,
                   TermId value)
{
    Slot slot;
    if (!slot_at(engine, address, field, &slot)) return;
    uint64_t key = ((uint64_t)1 << 62) | engine_number(engine);
    bool added;
    EvidenceKind kind = set_kind(engine, state, address, value);
    uint64_t *at = map_put(&engine->passed_seen, key, engine->evidence.n, &added);
    if (!added && !outweighs(kind, engine->evidence.at[*at].kind)) return;
    Evidence evidence = {.kind = kind,
                         .slot = slot,
                         .site = {engine->fn->link_name, engine_number(engine)}};
    const Term *term = &engine->terms.at[value];
    if (term->kind == TERM_NULL && engine->origins.at[term->imm].ins != NO_INS)
        evidence.site.ins = engine->origins.at[term->imm].ins;
    if (added)
        evidence_add(engine, evidence);
    else
        engine->evidence.at[*at] = evidence;
}

/* One record a call and slot: the state that says worst decides. */
static Evidence *pass(Engine *engine, Slot slot, EvidenceKind kind)
{
    uint64_t where = ((uint64_t)engine_number(engine) << 8) | (uint64_t)slot.kind;
    uint64_t key = hash_word(where ^ (uint64_t)slot.number << 32);
    bool added;
    uint64_t *at = map_put(&engine->passed_seen, key, engine->evidence.n, &added);
    if (added)
        evidence_add(engine,
                     (Evidence){.kind = kind,
                                .slot = slot,
                                .site = {engine->fn->link_name, engine_number(engine)}});
    Evidence *evidence = &engine->evidence.at[*at];
    if (kind > evidence->kind) evidence->kind = kind;
    return evidence;
}

static EvidenceKind passed_kind(Engine *engine, const State *state, TermId value)
{
    if (value_is_valid(engine, state, value)) return EVIDENCE_PASSED_VALID;
    bool is_null =
        value_is_null(engine, state, value) || value_origin(engine, state, value) != 0;
    return is_null ? EVIDENCE_PASSED_NULL : EVIDENCE_PASSED_MAYBE;
}

void believe_passed(Engine *engine, const State *state, const ProgramFn *fn,
                    const TermId *args, uint32_t narg)
{
    for (uint32_t i = 0; i < narg && i < fn->fn->nparam; i++) {
        if (fn->fn->params[i].type.kind != TYPE_POINTER || !args[i]) continue;
        Slot slot = {SLOT_PARAM, i & 255, fn->link_name};
        pass(engine, slot, passed_kind(engine, state, args[i]));
    }
}

void believe_reads(Engine *engine, const State *state, const Summary *callee,
                   const Latent *latent, TermId value, Handed handed, Val arg)
{
    if (!latent->term || callee->terms[latent->term].kind != TERM_INIT) return;
    uint32_t path = place_in(callee, latent->term);
    if (!path) return;
    Slot slot = {SLOT_ACCESS, path, callee->link_name};
    bool valid = handed == HANDED_VALID;
    Evidence *evidence =
        pass(engine, slot, valid ? EVIDENCE_PASSED_VALID : EVIDENCE_PASSED_MAYBE);
    if (valid) return;
    evidence->place = place_of(engine, value);
    const uint64_t *use = map_get(&engine->use_of, PATH_KEY | value_path(engine, value));
    Member member = use ? engine->uses.at[*use].member : (Member){0};
    const Block *block = &engine->body->blocks[engine->block];
    if (!use && arg) member.owner = guard_expression(engine, block, arg);
    if (use) evidence->use = (uint32_t)*use + 1; /* until settle_passed */
    if (handed == HANDED_PERHAPS || guard_covers(engine, state, value, member))
        evidence->flags |= EVIDENCE_GUARDED;
}

/* Who has asked before, somewhere in the function, hands over what is not null. */
static void settle_passed(Engine *engine)
{
    for (uint32_t i = 0; i < engine->evidence.n; i++) {
        Evidence *evidence = &engine->evidence.at[i];
        uint32_t use = evidence->slot.kind == SLOT_ACCESS ? evidence->use : 0;
        if (use && engine->uses.at[use - 1].seen & SEEN_ANY_TEST)
            evidence->kind = EVIDENCE_PASSED_VALID;
        evidence->use = NO_INS;
    }
}

/* --- at the end ------------------------------------------------------------------------ */

/* EVIDENCE_COUNT: what was seen says nothing. */
static EvidenceKind kind_of(const Use *use)
{
    bool is_result = use->slot.kind == SLOT_RESULT;
    bool is_used = use->seen & (SEEN_VALID | SEEN_UNCHECKED);
    if (use->seen & SEEN_ASKED)
        return is_used || is_result ? EVIDENCE_CHECKED : EVIDENCE_ASKED;
    if (use->seen & SEEN_ASSERTED) return EVIDENCE_ASSERTED;
    if (use->seen & SEEN_ASKED_MACRO) return EVIDENCE_CHECKED_MACRO;
    if (use->seen & SEEN_LOOP && !is_result) return EVIDENCE_COUNT;
    return use->seen & (SEEN_UNCHECKED | SEEN_NULL) ? EVIDENCE_UNCHECKED : EVIDENCE_COUNT;
}

static uint32_t flags_of(const Use *use)
{
    uint32_t flags = 0;
    if (kind_of(use) != EVIDENCE_UNCHECKED) return 0;
    if (use->is_passed) flags |= EVIDENCE_PASSED;
    if (!use->is_apart) flags |= EVIDENCE_MERGED;
    if (use->is_called) flags |= EVIDENCE_CALLED;
    if (!(use->seen & SEEN_PLAIN) && use->slot.kind != SLOT_RESULT)
        flags |= EVIDENCE_GUARDED;
    return flags;
}

static uint64_t global_hash(const Engine *engine, GlobalId id)
{
    return program_global(engine->context->program, engine->unit, id)->link_name->hash;
}

/* Which of its results a library's function is asked for: the constants and globals among its
 * integer arguments (SSL_get_ex_data(ssl, some_index)). */
static uint32_t result_number(const Engine *engine, uint32_t call, const ProgramFn *fn)
{
    const Ins *ins;
    uint64_t key = 0;
    const Block *block = guard_block(engine, call, &ins);
    bool is_known = fn->fn->body || fn->model;
    for (uint32_t i = 0; !is_known && i < ins->narg; i++) {
        const Ins *def = &block->ins[engine->shape.def[ins->args[i]]];
        if (def->type.kind != TYPE_INT) continue;
        const Ins *from =
            def->op == OP_LOAD ? &block->ins[engine->shape.def[def->a]] : NULL;
        if (def->op == OP_CONST)
            key = hash_word(key ^ (uint64_t)def->imm ^ (uint64_t)i << 56);
        else if (from && from->op == OP_ADDR && from->ref == REF_GLOBAL)
            key = hash_word(key ^ global_hash(engine, from->global) ^ (uint64_t)i << 56);
    }
    return (uint32_t)key;
}

/* A call with the same arguments is asked elsewhere: `get(x) && get(x)->n` asks once. */
static bool is_asked_elsewhere(const Engine *engine, const Use *use)
{
    for (uint32_t i = 0; i < engine->uses.n; i++) {
        const Use *other = &engine->uses.at[i];
        if (!other->call || other == use || !(other->seen & SEEN_ANY_TEST)) continue;
        if (call_key(engine, other->call - 1) == call_key(engine, use->call - 1))
            return true;
    }
    return false;
}

static Evidence evidence_of(const Engine *engine, const Use *use, EvidenceKind kind)
{
    Evidence evidence = {.kind = kind,
                         .flags = flags_of(use),
                         .slot = use->slot,
                         .site = {engine->fn->link_name, use->asked},
                         .use = NO_INS,
                         .place = use->place,
                         .reached = use->reached};
    if (kind != EVIDENCE_UNCHECKED) return evidence;
    if (!(use->seen & SEEN_NULL)) evidence.use = use->first;
    evidence.what = use->what;
    evidence.site.ins = use->first;
    return evidence;
}

/* Whoever hands out a function's address knows in what state objects are when it is called. */
static void name_function(Engine *engine, Map *seen, const Ins *ins, uint32_t number)
{
    bool added = false;
    if (ins->op != OP_ADDR || ins->ref != REF_FN) return;
    map_put(seen, ins->fn, 1, &added);
    if (!added) return;
    const ProgramFn *fn = program_fn(engine->context->program, engine->unit, ins->fn);
    evidence_add(engine, (Evidence){.kind = EVIDENCE_NAMED,
                                    .slot = {.kind = SLOT_RESULT, .name = fn->link_name},
                                    .site = {engine->fn->link_name, number},
                                    .use = NO_INS});
}

/* What becomes of a number that a function returns which may have written to what it was given. */
static void status_end(Engine *engine, const Ins *ins, uint32_t at, uint32_t number)
{
    if (ins->op != OP_CALL || !ins->fn || ins->a) return;
    const ProgramFn *fn = program_fn(engine->context->program, engine->unit, ins->fn);
    bool writes = false;
    for (uint32_t i = 0; i < fn->fn->nparam; i++)
        writes |= fn->fn->params[i].type.kind == TYPE_POINTER &&
                  !fn->fn->params[i].type.to_const;
    if (!writes || !fn->fn->body || fn->fn->result.kind != TYPE_INT) return;
    const uint64_t *use = map_get(&engine->use_at, CALL_KEY | number);
    uint32_t seen = use ? engine->uses.at[*use].seen : 0;
    bool is_ignored = !ins->dst || engine->shape.last_use[ins->dst] <= at;
    EvidenceKind kind = seen & SEEN_SIGN    ? EVIDENCE_SIGN
                        : seen & SEEN_ZERO  ? EVIDENCE_ZERO
                        : seen & SEEN_EQUAL ? EVIDENCE_EQUAL
                        : is_ignored        ? EVIDENCE_IGNORED
                                            : EVIDENCE_COUNT;
    if (kind == EVIDENCE_COUNT) return;
    evidence_add(engine, (Evidence){.kind = kind,
                                    .slot = {.kind = SLOT_STATUS, .name = fn->link_name},
                                    .site = {engine->fn->link_name, number},
                                    .use = NO_INS});
}

static void read_body(Engine *engine)
{
    Map seen;
    map_init(&seen, engine->scratch);
    for (uint32_t b = 0; b < engine->body->nblock; b++)
        for (uint32_t i = 0; i < engine->body->blocks[b].nins; i++) {
            const Ins *ins = &engine->body->blocks[b].ins[i];
            uint32_t number = engine->shape.first[b] + i;
            name_function(engine, &seen, ins, number);
            status_end(engine, ins, i, number);
        }
}

void believe_end(Engine *engine)
{
    settle_passed(engine);
    read_body(engine);
    for (uint32_t i = 0; i < engine->uses.n; i++) {
        const Use *use = &engine->uses.at[i];
        EvidenceKind kind = kind_of(use);
        if (kind == EVIDENCE_COUNT) continue;
        Evidence evidence = evidence_of(engine, use, kind);
        if (use->call) {
            const ProgramFn *fn = believe_callee(engine, use->call - 1);
            if (!fn) continue;
            evidence.slot.name = fn->link_name;
            evidence.slot.number = result_number(engine, use->call - 1, fn);
            evidence.site.ins = use->call - 1;
            if (kind == EVIDENCE_UNCHECKED && is_asked_elsewhere(engine, use))
                evidence.use = NO_INS;
        }
        evidence_add(engine, evidence);
    }
}
