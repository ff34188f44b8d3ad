/*
 * The order in which functions are summarised: strongly connected components of direct
 * calls, callees first.
 *
 * Calls through pointers do not join components, or most of a program would be one. But where
 * they lead only one way their targets come first, too. So there are three graphs, each
 * inside the components of the one before: of calls and of functions whose address is handed
 * on; of calls, those through slots with one target among them; of direct calls. The order
 * inside a cycle is made from its calls and from who calls into it, so that it stays when
 * functions or files get other names.
 *
 * needs: direct calls, targets of slots. gives: order, scc, is_recursive, links, levels.
 */
#include <string.h>

#include "program/components.h"

typedef struct Schedule {
    Program *program;
    CallList calls;              /* direct ones */
    Components *called, *direct; /* of the second graph and the third */
    uint32_t *component;         /* by function, of direct calls */
    uint32_t nlevel[2];
    uint32_t ncomponent, nscc;
    uint32_t *ninner; /* by function: calls from its own cycle */
    uint32_t *next;   /* by function: the edge to follow next */
    bool *is_seen;
    uint32_t *stack;
} Schedule;

/* --- who may be called through a pointer ------------------------------------------------ */

typedef void Visit(void *data, const ProgramFn *to);

static void each_slot(const Program *program, const ProgramFn *fn, Visit *visit,
                      void *data)
{
    const Body *body = fn->fn->body;
    if (!(program->tables->traits[fn->id] & TRAIT_CALLS_SLOT)) return;
    for (uint32_t b = 0; body && b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op != OP_CALL || (ins->fn && !ins->a)) continue;
            Targets targets = program_targets(program, fn->unit, fn->fn, b, i);
            if (!targets_are_few(&targets)) continue;
            /* Of several functions only the nulls are taken that they return. */
            bool takes = targets.n == 1 ||
                         (ins->dst && targets.at[0]->fn->result.kind == TYPE_POINTER);
            for (uint32_t k = 0; takes && k < targets.n; k++)
                visit(data, targets.at[k]);
        }
    }
}

static void each_address(const Program *program, const ProgramFn *fn, Visit *visit,
                         void *data)
{
    const Body *body = fn->fn->body;
    if (!(program->tables->traits[fn->id] & TRAIT_TAKES_ADDRESS)) return;
    for (uint32_t b = 0; body && b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_ADDR && ins->ref == REF_FN)
                visit(data, program_fn(program, fn->unit, ins->fn));
        }
    }
}

static void count_link(void *data, const ProgramFn *to)
{
    (void)to;
    ++*(uint32_t *)data;
}

static void note_link(void *data, const ProgramFn *to)
{
    uint32_t **next = data;
    *(*next)++ = to->id;
}

typedef void Each(const Program *program, const ProgramFn *fn, Visit *visit, void *data);

static CallList collect(const Program *program, Each *each, Arena *arena)
{
    CallList links = {.first = ARENA_ARRAY(arena, uint32_t, program->fns.n + 1)};
    uint32_t n = 0;
    for (uint32_t i = 0; i < program->fns.n; i++) {
        links.first[i] = n;
        each(program, program->fns.at[i], count_link, &n);
    }
    links.first[program->fns.n] = n;
    links.to = ARENA_ARRAY(arena, uint32_t, n);
    uint32_t *next = links.to;
    for (uint32_t i = 0; i < program->fns.n; i++)
        each(program, program->fns.at[i], note_link, &next);
    return links;
}

static CallList both(CallList a, CallList b, uint32_t nnode, Arena *scratch)
{
    CallList all = {.first = ARENA_ARRAY(scratch, uint32_t, nnode + 1)};
    all.to = ARENA_ARRAY(scratch, uint32_t, a.first[nnode] + b.first[nnode]);
    uint32_t n = 0;
    for (uint32_t i = 0; i < nnode; i++) {
        all.first[i] = n;
        for (uint32_t e = a.first[i]; e < a.first[i + 1]; e++)
            all.to[n++] = a.to[e];
        for (uint32_t e = b.first[i]; e < b.first[i + 1]; e++)
            all.to[n++] = b.to[e];
    }
    all.first[nnode] = n;
    return all;
}

bool program_is_before(const Program *program, const ProgramFn *target,
                       const ProgramFn *fn)
{
    for (int i = 0; i < 2; i++) {
        const Level *level = &program->tables->levels[i];
        if (level->component[target->id] >= level->component[fn->id]) continue;
        for (uint32_t e = level->links.first[fn->id]; e < level->links.first[fn->id + 1];
             e++)
            if (level->links.to[e] == target->id) return true;
    }
    return false;
}

/* --- cycles ------------------------------------------------------------------------------ */

static uint32_t size_of(const ProgramFn *fn)
{
    uint32_t n = 0;
    for (uint32_t b = 0; fn->fn->body && b < fn->fn->body->nblock; b++)
        n += fn->fn->body->blocks[b].nins;
    return n;
}

/* Of two members of a cycle: the one with more calls; then the larger; then by their own
 * names, which know nothing of their files. */
static bool is_ahead(const Schedule *schedule, uint32_t a, uint32_t ncall_a, uint32_t b,
                     uint32_t ncall_b)
{
    const ProgramFn *x = schedule->program->fns.at[a], *y = schedule->program->fns.at[b];
    if (ncall_a != ncall_b) return ncall_a > ncall_b;
    uint32_t size_x = size_of(x), size_y = size_of(y);
    if (size_x != size_y) return size_x > size_y;
    int order = name_compare(x->fn->name, y->fn->name);
    return order ? order < 0 : a < b;
}

static void count_inner(Schedule *schedule, const uint32_t *members, uint32_t n)
{
    CallList calls = schedule->calls;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t e = calls.first[members[i]]; e < calls.first[members[i] + 1]; e++)
            if (schedule->component[calls.to[e]] == schedule->ncomponent)
                schedule->ninner[calls.to[e]]++;
}

static void put(Schedule *schedule, uint32_t node)
{
    Program *program = schedule->program;
    if (!program->fns.at[node]->fn->body) return;
    program->order[program->norder] = program->fns.at[node];
    program->scc[program->norder++] = schedule->nscc;
}

/* Depth first along the calls, each member after those it calls. */
static void put_from(Schedule *schedule, uint32_t root)
{
    uint32_t n = 0;
    if (schedule->is_seen[root]) return;
    schedule->stack[n++] = root;
    schedule->is_seen[root] = true;
    schedule->next[root] = schedule->calls.first[root];
    while (n) {
        uint32_t node = schedule->stack[n - 1];
        if (schedule->next[node] == schedule->calls.first[node + 1]) {
            put(schedule, node);
            n--;
            continue;
        }
        uint32_t to = schedule->calls.to[schedule->next[node]++];
        if (schedule->component[to] != schedule->component[node] || schedule->is_seen[to])
            continue;
        schedule->is_seen[to] = true;
        schedule->next[to] = schedule->calls.first[to];
        schedule->stack[n++] = to;
    }
}

/* First what most of the others call: it alone is run with nothing known of the others. The
 * rest from where most calls come in. */
static void put_cycle(Schedule *schedule, const uint32_t *members, uint32_t n)
{
    const Program *program = schedule->program;
    const uint32_t *ninner = schedule->ninner;
    uint32_t head = members[0], root = members[0];
    count_inner(schedule, members, n);
    for (uint32_t i = 1; i < n; i++) {
        uint32_t at = members[i];
        if (is_ahead(schedule, at, ninner[at], head, ninner[head])) head = at;
        if (is_ahead(schedule, at, program->fns.at[at]->ncaller - ninner[at], root,
                     program->fns.at[root]->ncaller - ninner[root]))
            root = at;
    }
    schedule->is_seen[head] = true;
    put(schedule, head);
    put_from(schedule, root);
    for (uint32_t e = schedule->calls.first[head]; e < schedule->calls.first[head + 1];
         e++)
        if (schedule->component[schedule->calls.to[e]] == schedule->ncomponent)
            put_from(schedule, schedule->calls.to[e]);
}

static bool calls_itself(CallList calls, uint32_t node)
{
    for (uint32_t e = calls.first[node]; e < calls.first[node + 1]; e++)
        if (calls.to[e] == node) return true;
    return false;
}

static void component_end(void *data, const uint32_t *members, uint32_t n)
{
    Schedule *schedule = data;
    Program *program = schedule->program;
    uint32_t before = program->norder;
    schedule->ncomponent++;
    for (uint32_t i = 0; i < n; i++) {
        schedule->component[members[i]] = schedule->ncomponent;
        program->fns.at[members[i]]->is_recursive =
            n > 1 || calls_itself(schedule->calls, members[i]);
    }
    if (n > 1)
        put_cycle(schedule, members, n);
    else
        put(schedule, members[0]);
    if (program->norder > before) schedule->nscc++;
}

static void number(Schedule *schedule, int i, const uint32_t *members, uint32_t n)
{
    schedule->nlevel[i]++;
    for (uint32_t k = 0; k < n; k++)
        schedule->program->tables->levels[i].component[members[k]] = schedule->nlevel[i];
}

static void called_end(void *data, const uint32_t *members, uint32_t n)
{
    Schedule *schedule = data;
    number(schedule, 1, members, n);
    for (uint32_t i = 0; i < n; i++)
        components_from(schedule->direct, members[i]);
}

static void reached_end(void *data, const uint32_t *members, uint32_t n)
{
    Schedule *schedule = data;
    number(schedule, 0, members, n);
    for (uint32_t i = 0; i < n; i++)
        components_from(schedule->called, members[i]);
}

void schedule_build(Program *program, CallList calls, Arena *scratch)
{
    uint32_t n = program->fns.n;
    Level *levels = program->tables->levels;
    program->order = ARENA_ARRAY(program->arena, ProgramFn *, n);
    program->scc = ARENA_ARRAY(program->arena, uint32_t, n);
    levels[0].links = collect(program, each_address, program->arena);
    levels[1].links = collect(program, each_slot, program->arena);
    for (int i = 0; i < 2; i++)
        levels[i].component = ARENA_ARRAY(program->arena, uint32_t, n);
    Schedule schedule = {.program = program,
                         .calls = calls,
                         .component = ARENA_ARRAY(scratch, uint32_t, n),
                         .ninner = ARENA_ARRAY(scratch, uint32_t, n),
                         .next = ARENA_ARRAY(scratch, uint32_t, n),
                         .is_seen = ARENA_ARRAY(scratch, bool, n),
                         .stack = ARENA_ARRAY(scratch, uint32_t, n)};
    CallList called = both(calls, levels[1].links, n, scratch);
    CallList reached = both(called, levels[0].links, n, scratch);
    schedule.direct =
        components_new(calls, n, levels[1].component, component_end, &schedule, scratch);
    schedule.called =
        components_new(called, n, levels[0].component, called_end, &schedule, scratch);
    Components *all = components_new(reached, n, NULL, reached_end, &schedule, scratch);
    for (uint32_t i = 0; i < n; i++)
        components_from(all, i);
}
