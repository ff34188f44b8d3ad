/*
 * Records by use: one pass over all bodies notes which record each value is used as, then
 * values that meet in an assignment tell each other.
 *
 * Only names hang on the answer, so it may be incomplete but must not be wrong: a holder
 * that is used as two records (a void pointer) has none.
 */
#include "contract/records.h"

#include <string.h>

#include "base/hash.h"
#include "base/vec.h"

enum { WHOLE = 31, MOST_LEVEL = 8, ROUNDS = 3, BIT_SHIFT = 40 };

typedef struct MemberList {
    VEC(Member) list;
} MemberList;

/* What a temporary is: an object's address, or a value that was in one. */
typedef struct Meaning {
    Holder holder;
    bool is_address; /* of the holder itself */
} Meaning;

typedef struct Edge {
    Holder to, from; /* what `from` points to, `to` points to as well */
} Edge;

typedef struct Reader {
    Records *records;
    const Unit *unit;
    const ProgramFn *fn;
    Meaning *meanings;
    VEC(Edge) edges;
} Reader;

static uint64_t holder_key(Holder holder)
{
    uint64_t key = hash_word(MAP_KEY(holder.owner) + (uint64_t)holder.kind);
    return hash_word(key ^ ((uint64_t)holder.index << 8 | holder.level));
}

static Holder at_level(Holder holder, uint32_t level)
{
    holder.level = level;
    return holder;
}

Holder holder_field(const Member *member)
{
    return (Holder){.kind = PLACE_FIELD, .owner = member->identity};
}

static void observe(Records *records, Holder holder, const Name *record)
{
    if (holder.kind == PLACE_NONE) return;
    bool added;
    uint64_t *known =
        map_put(&records->pointees, holder_key(holder), MAP_KEY(record), &added);
    if (!added && *known != MAP_KEY(record)) *known = 0;
}

static int64_t offset_of(const Field *field)
{
    int64_t bits = field->bit_width ? (int64_t)field->bit_offset + 1 : 0;
    return (int64_t)field->offset + (bits << BIT_SHIFT);
}

static void add_members(Records *records, const Unit *unit)
{
    for (FieldId id = 1; id < unit->nfield; id++) {
        const Field *field = &unit->fields[id];
        uint64_t *at = map_get(&records->members, MAP_KEY(field->record));
        MemberList *members = at ? (MemberList *)(uintptr_t)*at : NULL;
        if (!members) {
            members = ARENA_NEW(records->arena, MemberList);
            map_put(&records->members, MAP_KEY(field->record), MAP_KEY(members), NULL);
        }
        Member member = {.identity = program_field(records->program, unit, id),
                         .name = field->name,
                         .offset = offset_of(field),
                         .type = field->type};
        uint32_t i = 0;
        while (i < members->list.n && members->list.at[i].identity != member.identity)
            i++;
        if (i == members->list.n) vec_push(records->arena, &members->list, member);
    }
}

/* --- one body -------------------------------------------------------------------------- */

static Meaning address_meaning(const Reader *reader, const Ins *ins)
{
    Meaning meaning = {.is_address = true};
    if (ins->ref == REF_LOCAL) {
        bool is_param = reader->fn->fn->body->locals[ins->local].flags & LOCAL_PARAM;
        meaning.holder = (Holder){.kind = is_param ? PLACE_PARAM : PLACE_LOCAL,
                                  .owner = reader->fn->link_name,
                                  .index = is_param ? ins->local - 1 : ins->local};
    } else if (ins->ref == REF_GLOBAL) {
        const ProgramGlobal *global =
            program_global(reader->records->program, reader->unit, ins->global);
        meaning.holder = (Holder){.kind = PLACE_GLOBAL, .owner = global->link_name};
    }
    return meaning;
}

static Meaning load_meaning(Meaning from)
{
    if (from.is_address) return (Meaning){.holder = at_level(from.holder, 0)};
    if (from.holder.level >= MOST_LEVEL) return (Meaning){0};
    return (Meaning){.holder = at_level(from.holder, from.holder.level + 1)};
}

static Meaning field_meaning(const Reader *reader, const Ins *ins, Meaning base)
{
    const Name *record = reader->unit->fields[ins->field].record;
    observe(reader->records, base.is_address ? at_level(base.holder, WHOLE) : base.holder,
            record);
    const Name *identity =
        program_field(reader->records->program, reader->unit, ins->field);
    return (Meaning){.holder = {.kind = PLACE_FIELD, .owner = identity},
                     .is_address = true};
}

/* The value in `to` is, or becomes, the value `from`. */
static void join(Reader *reader, Holder to, Meaning from)
{
    if (to.kind == PLACE_NONE || from.holder.kind == PLACE_NONE || from.is_address)
        return;
    vec_push(reader->records->arena, &reader->edges, ((Edge){to, from.holder}));
}

static void read_call(Reader *reader, const Ins *ins)
{
    if (!ins->fn || ins->a) return;
    const ProgramFn *callee = program_fn(reader->records->program, reader->unit, ins->fn);
    if (!callee->fn->body) return;
    for (uint32_t i = 0; i < ins->narg; i++) {
        Meaning arg = reader->meanings[ins->args[i]];
        Holder param = {.kind = PLACE_PARAM, .owner = callee->link_name, .index = i};
        /* Towards the caller: a parameter is used as what it is by its function alone. */
        if (!arg.is_address) join(reader, arg.holder, (Meaning){.holder = param});
    }
    if (ins->dst)
        reader->meanings[ins->dst] =
            (Meaning){.holder = {.kind = PLACE_RESULT, .owner = callee->link_name}};
}

static void read_ins(Reader *reader, const Ins *ins)
{
    Meaning *meanings = reader->meanings, made = {0};
    switch (ins->op) {
    case OP_ADDR: made = address_meaning(reader, ins); break;
    case OP_LOAD: made = load_meaning(meanings[ins->a]); break;
    case OP_FIELD: made = field_meaning(reader, ins, meanings[ins->a]); break;
    case OP_INDEX: made = meanings[ins->a]; break;
    case OP_CALC:
        if (ins->calc == CALC_CAST) made = meanings[ins->a];
        break;
    case OP_CALL: read_call(reader, ins); return;
    case OP_STORE: {
        Holder to = load_meaning(meanings[ins->a]).holder;
        Meaning value = meanings[ins->b];
        join(reader, to, value);
        if (!value.is_address) join(reader, value.holder, (Meaning){.holder = to});
        return;
    }
    case OP_RETURN:
        join(reader, (Holder){.kind = PLACE_RESULT, .owner = reader->fn->link_name},
             meanings[ins->a]);
        return;
    case OP_CONST:
    case OP_STRING:
    case OP_COPY:
    case OP_FILL:
    case OP_ASSUME:
    case OP_ASM:
    case OP_OPAQUE:
    case OP_END:
    case OP_JUMP:
    case OP_BRANCH:
    case OP_SWITCH:
    case OP_STOP:
    case OP_COUNT: break;
    }
    if (ins->dst) meanings[ins->dst] = made;
}

static void read_body(Reader *reader, const ProgramFn *fn, Arena *scratch)
{
    const Body *body = fn->fn->body;
    ArenaMark mark = arena_mark(scratch);
    reader->unit = fn->unit;
    reader->fn = fn;
    reader->meanings = ARENA_ARRAY(scratch, Meaning, body->nval + 1);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++)
            read_ins(reader, &body->blocks[b].ins[i]);
    arena_reset(scratch, mark);
}

/* --- what assignments tell ------------------------------------------------------------- */

/* One round: slots without a record take what all their sources agree on. */
static bool spread(Reader *reader)
{
    Records *records = reader->records;
    Map fresh;
    map_init(&fresh, records->arena);
    for (uint32_t i = 0; i < reader->edges.n; i++) {
        Edge edge = reader->edges.at[i];
        for (uint32_t level = 0; edge.from.level + level < MOST_LEVEL && level < 2;
             level++) {
            uint64_t to = holder_key(at_level(edge.to, edge.to.level + level));
            const Name *record =
                records_pointee(records, at_level(edge.from, edge.from.level + level));
            if (!record || map_get(&records->pointees, to)) continue;
            bool added;
            uint64_t *at = map_put(&fresh, to, MAP_KEY(record), &added);
            if (!added && *at != MAP_KEY(record)) *at = 0;
        }
    }
    for (uint32_t i = 0; i < fresh.n; i++)
        map_put(&records->pointees, fresh.entries[i].key, fresh.entries[i].value, NULL);
    return fresh.n != 0;
}

Records *records_new(const Program *program, Arena *arena)
{
    Records *records = ARENA_NEW(arena, Records);
    records->program = program;
    records->arena = arena;
    map_init(&records->pointees, arena);
    map_init(&records->members, arena);
    for (uint32_t u = 0; u < program->units.n; u++)
        add_members(records, program->units.at[u]);
    Arena *scratch = arena_new("records");
    Reader reader = {.records = records};
    for (uint32_t i = 0; i < program->norder; i++)
        read_body(&reader, program->order[i], scratch);
    for (int round = 0; round < ROUNDS && spread(&reader); round++)
        continue;
    arena_free(scratch);
    return records;
}

const Name *records_pointee(const Records *records, Holder holder)
{
    if (holder.kind == PLACE_NONE) return NULL;
    const uint64_t *known = map_get(&records->pointees, holder_key(holder));
    return known ? (const Name *)(uintptr_t)*known : NULL;
}

const Name *records_whole(const Records *records, Holder holder)
{
    return records_pointee(records, at_level(holder, WHOLE));
}

/* Of two at one offset (a union, a struct and its first member) the one that is used as a
 * whole, then the one whose name comes first. */
static bool is_better(const Member *a, const Member *b)
{
    if (!b || a->offset != b->offset) return !b || a->offset > b->offset;
    bool inner_a = a->type.kind == TYPE_AGGREGATE,
         inner_b = b->type.kind == TYPE_AGGREGATE;
    if (inner_a != inner_b) return inner_b;
    return name_compare(a->name, b->name) < 0;
}

const Member *records_member(const Records *records, const Name *record, int64_t offset,
                             int64_t *rest)
{
    const uint64_t *at = record ? map_get(&records->members, MAP_KEY(record)) : NULL;
    const MemberList *members = at ? (const MemberList *)(uintptr_t)*at : NULL;
    const Member *best = NULL;
    for (uint32_t i = 0; members && i < members->list.n; i++) {
        const Member *member = &members->list.at[i];
        bool inside = member->type.kind == TYPE_AGGREGATE &&
                      offset < ((int64_t)1 << BIT_SHIFT) && member->offset <= offset &&
                      offset - member->offset < (int64_t)member->type.size;
        if ((member->offset == offset || inside) && is_better(member, best))
            best = member;
    }
    if (best) *rest = offset - best->offset;
    return best;
}
