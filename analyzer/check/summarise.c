/*
 * Summaries bottom-up, until every function was run with what its callees finally say.
 *
 * Work goes in waves. Inside a wave callees come before callers, and a cycle of direct calls
 * is turned until nothing changes. Calls
 * through pointers never join two cycles (most of a program would be one). Where no way leads
 * back from the target it comes first as well; else they see what it said at the end of the
 * wave before, in the first wave nothing. A wave runs only cycles that read something which
 * is different now; the last one runs none. So what comes out does not depend on names or on
 * the order of files: not even where a bound ends it, for the order inside a cycle is made
 * from its calls (program/schedule.c).
 */
#include "base/shake.h"
#include "check/inner.h"
#include "check/key.h"
#include "summary/codec.h"
#include "summary/declared.h"

enum { MOST_WAVES = 8, MOST_TURNS = 8, FEW_TURNS = 3, FEW_FNS = 8 };

/* That a function asked for another one's summary, and got this. */
typedef struct Read {
    uint32_t fn;
    bool by_pointer;
    bool is_old; /* as it was when the wave began */
    Hash seen;
} Read;

typedef struct Node {
    Hash content; /* of the summary; all zero: none yet; {0, 1}: no way back */
    const Summary *before;
    Hash content_before; /* when the wave began */
    uint32_t component;
    Hash key; /* see key.h; all zero: none */
    bool is_seen;
    VEC(Read) reads;
} Node;

/* One function as it was when its program had settled. */
typedef struct Known {
    const Name *name; /* link name */
    Hash body, content;
    FlowResult result;
    const Name **readers; /* of whom each of `reads` is a summary */
    Read *reads;
    uint32_t nread;
} Known;

struct CheckMemory {
    Arena *arena;
    Map by_name; /* -> number */
    VEC(Known) all;
};

typedef struct Waves {
    const Program *program;
    const CheckOptions *options;
    Arena *arena, *scratch;
    FlowContext context;
    FlowResult *results; /* by ProgramFn.id */
    Node *nodes;
    const ProgramFn *at_work;
    CheckStats *stats;
    uint32_t nseen; /* functions that have been run */
    Memo *memo;     /* NULL: nothing is remembered */
    Keys *keys;
    Declared declared;
} Waves;

static Hash content_now(const Waves *waves, const Read *read)
{
    const Node *node = &waves->nodes[read->fn];
    return read->is_old ? node->content_before : node->content;
}

static Read read_of(const Waves *waves, const ProgramFn *fn, bool by_pointer)
{
    Read read = {.fn = fn->id, .by_pointer = by_pointer};
    read.is_old = by_pointer && !program_is_before(waves->program, fn, waves->at_work);
    read.seen = content_now(waves, &read);
    return read;
}

static const Summary *summary_of(void *data, const ProgramFn *fn, bool by_pointer)
{
    Waves *waves = data;
    if (!fn->fn->body)
        return fn->model ? fn->model : declared_result(&waves->declared, fn->fn->flags);
    const Node *node = &waves->nodes[fn->id];
    Node *reader = &waves->nodes[waves->at_work->id];
    Read read = read_of(waves, fn, by_pointer);
    uint32_t i = reader->reads.n;
    while (i && (reader->reads.at[i - 1].fn != fn->id ||
                 reader->reads.at[i - 1].by_pointer != by_pointer))
        i--;
    if (!i) vec_push(waves->arena, &reader->reads, read);
    return read.is_old ? node->before : waves->results[fn->id].summary;
}

/* --- what is remembered ------------------------------------------------------------------ */

static bool is_as_it_was(const Waves *waves, const MemoRead *read)
{
    Hash now;
    if (read->ask == MEMO_FN || read->ask == MEMO_GLOBAL) {
        now = read->ask == MEMO_FN ? keys_named_fn(waves->keys, read->name)
                                   : keys_named_global(waves->keys, read->name);
    } else {
        const ProgramFn *fn = program_find(waves->program, read->name);
        if (!fn || !fn->fn->body) return false;
        now = read_of(waves, fn, read->ask == MEMO_BY_POINTER).seen;
    }
    return hash_compare(now, read->answer) == 0;
}

/* A run of this very function that would ask and be told the same; NULL: none. */
static MemoRun *remembered(const Waves *waves, Hash key)
{
    for (uint32_t at = memo_first(waves->memo, key); at;) {
        MemoRun *run = memo_run(waves->memo, at);
        bool same = hash_compare(run->key, key) == 0;
        for (uint32_t i = 0; same && i < run->nread; i++)
            same = is_as_it_was(waves, &run->reads[i]);
        if (same) return run;
        at = run->next;
    }
    return NULL;
}

static void take_reads(Waves *waves, Node *node, const MemoRun *run)
{
    for (uint32_t i = 0; i < run->nread; i++) {
        const MemoRead *read = &run->reads[i];
        if (read->ask == MEMO_FN || read->ask == MEMO_GLOBAL) continue;
        const ProgramFn *fn = program_find(waves->program, read->name);
        vec_push(waves->arena, &node->reads,
                 read_of(waves, fn, read->ask == MEMO_BY_POINTER));
    }
}

static void keep(Waves *waves, const Node *node, const FlowResult *result, Hash content)
{
    MemoRun run = {.key = node->key, .result = *result, .content = content};
    run.reads = ARENA_ARRAY(waves->arena, MemoRead, node->reads.n + result->nnamed);
    for (uint32_t i = 0; i < node->reads.n; i++) {
        const Read *read = &node->reads.at[i];
        run.reads[run.nread++] =
            (MemoRead){read->by_pointer ? MEMO_BY_POINTER : MEMO_SUMMARY,
                       waves->program->fns.at[read->fn]->link_name, read->seen};
    }
    for (uint32_t i = 0; i < result->nnamed; i++) {
        const FlowNamed *named = &result->named[i];
        run.reads[run.nread++] =
            named->is_fn ? (MemoRead){MEMO_FN, named->name,
                                      keys_named_fn(waves->keys, named->name)}
                         : (MemoRead){MEMO_GLOBAL, named->name,
                                      keys_named_global(waves->keys, named->name)};
    }
    memo_add(waves->memo, run);
}

/* --- running ----------------------------------------------------------------------------- */

static FlowResult run_engine(Waves *waves, const ProgramFn *fn)
{
    waves->nodes[fn->id].reads.n = 0;
    return flow_run(&waves->context, fn, waves->arena, waves->scratch);
}

/* Made once, however often the run is remembered in a session. */
static Hash content_of(const Waves *waves, MemoRun *known)
{
    if (!known->content.low && !known->content.high)
        known->content = summary_hash(known->result.summary, waves->scratch);
    return known->content;
}

/* content: of its summary. */
static FlowResult run_or_remember(Waves *waves, const ProgramFn *fn, Hash *content)
{
    Node *node = &waves->nodes[fn->id];
    bool can = waves->memo && (node->key.low || keys_fn(waves->keys, fn, &node->key));
    MemoRun *known = can ? remembered(waves, node->key) : NULL;
    if (!known || IS_SHAKEN) {
        FlowResult result = run_engine(waves, fn);
        waves->stats->nrun += !known;
        *content = summary_hash(result.summary, waves->scratch);
        if (can && !known) keep(waves, node, &result, *content);
        if (!known) return result;
        Hash before = summary_hash(known->result.summary, waves->scratch);
        BUG_IF(hash_compare(*content, before) != 0);
        BUG_IF(result.ncandidate != known->result.ncandidate);
        BUG_IF(result.nevidence != known->result.nevidence);
    }
    node->reads.n = 0;
    take_reads(waves, node, known);
    known->is_current = true;
    *content = content_of(waves, known);
    return known->result;
}

static void run_fn(Waves *waves, const ProgramFn *fn)
{
    FlowResult *result = &waves->results[fn->id];
    Node *node = &waves->nodes[fn->id];
    const CheckOptions *options = waves->options;
    if (options->tick) options->tick(options->tick_data, waves->nseen, fn);
    waves->nseen += !node->is_seen;
    node->is_seen = true;
    waves->at_work = fn;
    Hash content;
    *result = run_or_remember(waves, fn, &content);
    node->content = content;
    waves->stats->nstep += result->nstep_used;
}

/* It read what is different now. within: of its own component; else of the others. */
static bool is_stale(const Waves *waves, const Node *node, bool within)
{
    for (uint32_t i = 0; i < node->reads.n; i++) {
        const Read *read = &node->reads.at[i];
        bool own = !read->is_old && waves->nodes[read->fn].component == node->component;
        if (own != within) continue;
        if (hash_compare(read->seen, content_now(waves, read)) != 0) return true;
    }
    return false;
}

static Node *node_of(const Waves *waves, uint32_t place)
{
    return &waves->nodes[waves->program->order[place]->id];
}

/* False: a bound ended it. */
static bool turn_cycle(Waves *waves, uint32_t first, uint32_t end, uint32_t most)
{
    bool is_settled = false;
    for (uint32_t turn = 0; turn < most && !is_settled; turn++) {
        is_settled = true;
        for (uint32_t i = first; i < end; i++) {
            if (turn && !is_stale(waves, node_of(waves, i), true)) continue;
            run_fn(waves, waves->program->order[i]);
            is_settled = false;
        }
    }
    return is_settled;
}

static void forget_cycle(Waves *waves, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        node_of(waves, i)->content = (Hash){0};
        waves->results[waves->program->order[i]->id].summary = NULL;
    }
}

/* Of a recursive call the first turn knows that it does not come back: so what is found is
 * what the ways without recursion give, and what recursion makes of it. Where that does not
 * come to rest it would miss some of it, and anything is taken for possible instead. */
static void run_cycle(Waves *waves, uint32_t first, uint32_t end)
{
    static Summary no_way_back = {.flags = SUMMARY_NORETURN};
    forget_cycle(waves, first, end);
    for (uint32_t i = first; i < end; i++) {
        node_of(waves, i)->content = (Hash){0, 1}; /* another answer than none */
        waves->results[waves->program->order[i]->id].summary = &no_way_back;
    }
    if (turn_cycle(waves, first, end, end - first <= FEW_FNS ? MOST_TURNS : FEW_TURNS))
        return;
    forget_cycle(waves, first, end);
    turn_cycle(waves, first, end, FEW_TURNS);
}

static bool component_is_stale(const Waves *waves, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (is_stale(waves, node_of(waves, i), false)) return true;
    return false;
}

/* How many components were run. */
static uint32_t run_wave(Waves *waves, bool is_first)
{
    const Program *program = waves->program;
    uint32_t nrun = 0;
    for (uint32_t first = 0, end; first < program->norder; first = end) {
        for (end = first; end < program->norder; end++)
            if (program->scc[end] != program->scc[first]) break;
        bool is_due = component_is_stale(waves, first, end);
        for (uint32_t i = first; i < end && is_first && !is_due; i++)
            is_due =
                !node_of(waves, i)->is_seen || is_stale(waves, node_of(waves, i), true);
        if (!is_due) continue;
        if (program->order[first]->is_recursive)
            run_cycle(waves, first, end);
        else
            run_fn(waves, program->order[first]);
        nrun++;
    }
    return nrun;
}

static void begin_wave(Waves *waves)
{
    for (uint32_t i = 0; i < waves->program->norder; i++) {
        uint32_t id = waves->program->order[i]->id;
        waves->nodes[id].before = waves->results[id].summary;
        waves->nodes[id].content_before = waves->nodes[id].content;
    }
}

/* --- from one program to the next ----------------------------------------------------- */

CheckMemory *check_memory_new(Arena *arena)
{
    CheckMemory *memory = ARENA_NEW(arena, CheckMemory);
    memory->arena = arena;
    map_init(&memory->by_name, arena);
    return memory;
}

static void remember(const Waves *waves, CheckMemory *memory)
{
    for (uint32_t i = 0; i < waves->program->norder; i++) {
        const ProgramFn *fn = waves->program->order[i];
        const Node *node = &waves->nodes[fn->id];
        Known known = {.name = fn->link_name,
                       .body = fn->fn->content,
                       .content = node->content,
                       .result = waves->results[fn->id],
                       .nread = node->reads.n};
        known.readers = ARENA_ARRAY(memory->arena, const Name *, known.nread + 1);
        known.reads = ARENA_ARRAY(memory->arena, Read, known.nread + 1);
        for (uint32_t k = 0; k < known.nread; k++) {
            known.reads[k] = node->reads.at[k];
            known.readers[k] = waves->program->fns.at[node->reads.at[k].fn]->link_name;
        }
        map_put(&memory->by_name, MAP_KEY(known.name), memory->all.n, NULL);
        vec_push(memory->arena, &memory->all, known);
    }
}

static void recall_one(Waves *waves, const ProgramFn *fn, const Known *known)
{
    Node *node = &waves->nodes[fn->id];
    for (uint32_t k = 0; k < known->nread; k++) {
        const ProgramFn *of = program_find(waves->program, known->readers[k]);
        if (!of) return;
        Read read = known->reads[k];
        read.fn = of->id;
        vec_push(waves->arena, &node->reads, read);
    }
    waves->results[fn->id] = known->result;
    node->content = node->content_before = known->content;
    node->before = known->result.summary;
    node->is_seen = true;
}

static void recall(Waves *waves, const CheckMemory *memory)
{
    for (uint32_t i = 0; i < waves->program->norder; i++) {
        const ProgramFn *fn = waves->program->order[i];
        const uint64_t *at = map_get(&memory->by_name, MAP_KEY(fn->link_name));
        const Known *known = at ? &memory->all.at[*at] : NULL;
        Hash body = fn->fn->content;
        if (known && (body.high || body.low) && !hash_compare(body, known->body))
            recall_one(waves, fn, known);
    }
}

FlowResult *summarise(const Program *program, const CheckOptions *options, Arena *arena,
                      CheckStats *stats)
{
    Waves waves = {.program = program,
                   .options = options,
                   .arena = arena,
                   .scratch = arena_new("flow"),
                   .results = ARENA_ARRAY(arena, FlowResult, program->fns.n + 1),
                   .stats = stats,
                   .memo = options->memo,
                   .declared = declared_new(arena)};
    waves.nodes =
        arena_take_array(arena, program->fns.n + 1, sizeof(Node), _Alignof(Node));
    waves.context =
        (FlowContext){.program = program, .summary_of = summary_of, .data = &waves};
    waves.context.requests = requests_new(program, options->contexts, arena);
    if (waves.memo)
        waves.keys = keys_new(program, waves.context.requests, arena, waves.scratch);
    for (uint32_t i = 0; i < program->norder; i++)
        node_of(&waves, i)->component = program->scc[i] + 1;
    if (options->recalled) recall(&waves, options->recalled);
    for (uint32_t wave = 0; wave < MOST_WAVES && run_wave(&waves, !wave); wave++)
        begin_wave(&waves);
    for (uint32_t i = 0; i < program->norder; i++)
        stats->nunsettled += is_stale(&waves, node_of(&waves, i), true) ||
                             is_stale(&waves, node_of(&waves, i), false);
    if (options->remember) remember(&waves, options->remember);
    /* Before anybody else sees the results: who judges them puts them in order. */
    if (waves.memo) memo_write(waves.memo, program->names, waves.scratch);
    arena_free(waves.scratch);
    return waves.results;
}
