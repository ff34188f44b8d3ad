/*
 * The solver: a worklist of nodes with something new. Every node keeps its set in order of
 * arrival and remembers how far it has passed it on, so that each member crosses each edge
 * once. Sets are capped, so the work is linear in the number of constraints.
 *
 * What overflows is unknown from then on, and so is all that is filled from it: its true
 * set would be at least as large.
 */
#include "program/points.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/shake.h"

typedef enum UseKind { USE_COPY, USE_LOAD, USE_STORE, USE_CALL } UseKind;

/* What happens with the members of a node, a list a node. */
typedef struct Use {
    UseKind kind;
    uint32_t other; /* node; USE_CALL: site */
    uint32_t next;
} Use;

/* What is known of a set besides its members; a node hands its own on with them. */
typedef enum Level {
    LEVEL_CLOSED,
    LEVEL_LENT,    /* callers outside the program may put something else there */
    LEVEL_UNKNOWN, /* something else may be in it */
    LEVEL_FLOODED  /* too many are in it: the members say nothing */
} Level;

typedef struct Node {
    VEC(uint32_t) set; /* function * 2, place * 2 + 1 */
    uint32_t nfn;
    uint32_t done; /* members already passed on */
    uint32_t uses; /* first of a list, 0 is none */
    Level level : 8, level_done : 8;
    bool is_queued;
} Node;

struct Points {
    Arena *arena;
    PointsBind *bind;
    void *data;
    VEC(Node) nodes;
    VEC(Use) uses;
    VEC(PointsSite) sites;
    VEC(NodeId) queue;
    uint32_t head; /* of the queue */
};

enum { NODE_NONE, NODE_UNKNOWN, NODE_STRANGERS, NODE_OUTSIDE };

static void queue_put(Points *points, NodeId id)
{
    Node *node = &points->nodes.at[id];
    if (node->is_queued) return;
    node->is_queued = true;
    vec_push(points->arena, &points->queue, id);
}

/* A flooded node's places can be written through an address that we lost: anything may be
 * in them. */
static void level_raise(Points *points, NodeId id, Level level)
{
    if (id == NODE_NONE || points->nodes.at[id].level >= level) return;
    points->nodes.at[id].level = level;
    queue_put(points, id);
    if (level != LEVEL_FLOODED) return;
    for (uint32_t i = 0; i < points->nodes.at[id].set.n; i++) {
        uint32_t member = points->nodes.at[id].set.at[i];
        if (member & 1) level_raise(points, member / 2, LEVEL_UNKNOWN);
    }
}

static void level_fix(Points *points, NodeId id, Level level)
{
    points->nodes.at[id].level = points->nodes.at[id].level_done = level;
}

Points *points_new(Arena *arena, PointsBind *bind, void *data)
{
    Points *points = ARENA_NEW(arena, Points);
    *points = (Points){.arena = arena, .bind = bind, .data = data};
    vec_push(arena, &points->uses, (Use){0});
    for (int i = NODE_NONE; i <= NODE_OUTSIDE; i++)
        points_node(points);
    level_fix(points, NODE_UNKNOWN, LEVEL_UNKNOWN);
    level_fix(points, NODE_STRANGERS, LEVEL_LENT);
    return points;
}

NodeId points_node(Points *points)
{
    vec_push(points->arena, &points->nodes, (Node){0});
    return points->nodes.n - 1;
}

NodeId points_unknown(const Points *points)
{
    (void)points;
    return NODE_UNKNOWN;
}

NodeId points_strangers(const Points *points)
{
    (void)points;
    return NODE_STRANGERS;
}

NodeId points_outside(const Points *points)
{
    (void)points;
    return NODE_OUTSIDE;
}

static void add(Points *points, NodeId id, uint32_t member)
{
    if (id == NODE_NONE) return;
    Node *node = &points->nodes.at[id];
    if (node->level == LEVEL_FLOODED || id == NODE_OUTSIDE) {
        if (member & 1) level_raise(points, member / 2, LEVEL_UNKNOWN);
        return;
    }
    for (uint32_t i = 0; i < node->set.n; i++)
        if (node->set.at[i] == member) return;
    vec_push(points->arena, &node->set, member);
    node->nfn += !(member & 1);
    queue_put(points, id);
    if (node->set.n > POINTS_MAX) level_raise(points, id, LEVEL_FLOODED);
}

void points_add_fn(Points *points, NodeId node, uint32_t fn)
{
    add(points, node, fn * 2);
}

void points_add_place(Points *points, NodeId node, NodeId place)
{
    add(points, node, place * 2 + 1);
}

/* One member meets one use. */
static void pass_member(Points *points, uint32_t member, Use use)
{
    NodeId place = member & 1 ? member / 2 : NODE_NONE;
    switch (use.kind) {
    case USE_COPY: add(points, use.other, member); break;
    case USE_LOAD:
        if (place) points_copy(points, place, use.other);
        break;
    case USE_STORE:
        if (place) points_copy(points, use.other, place);
        break;
    case USE_CALL:
        if (!place)
            points->bind(points->data, points, &points->sites.at[use.other], member / 2);
        break;
    }
}

static Level level_of_content(Level level)
{
    return level == LEVEL_FLOODED ? LEVEL_UNKNOWN : level;
}

/* An unknown pointer reads anything; what is written through it is out of sight. */
static void pass_level(Points *points, Level level, Use use)
{
    switch (use.kind) {
    case USE_COPY: level_raise(points, use.other, level); break;
    case USE_LOAD: level_raise(points, use.other, level_of_content(level)); break;
    case USE_STORE: points_copy(points, use.other, NODE_OUTSIDE); break;
    case USE_CALL: {
        PointsSite site = points->sites.at[use.other];
        for (uint32_t i = 0; i < site.narg; i++)
            points_copy(points, site.args[i], NODE_OUTSIDE);
        level_raise(points, site.result, level_of_content(level));
        break;
    }
    }
}

static void use_add(Points *points, NodeId id, UseKind kind, uint32_t other)
{
    Use use = {.kind = kind, .other = other};
    if (id == NODE_NONE) return;
    for (uint32_t i = 0; i < points->nodes.at[id].done; i++)
        pass_member(points, points->nodes.at[id].set.at[i], use);
    Level level = points->nodes.at[id].level_done;
    if (level) pass_level(points, level, use);
    if (id == NODE_UNKNOWN || id == NODE_STRANGERS) return; /* they never change */
    use.next = points->nodes.at[id].uses;
    vec_push(points->arena, &points->uses, use);
    points->nodes.at[id].uses = points->uses.n - 1;
}

void points_copy(Points *points, NodeId from, NodeId to)
{
    if (from != to && to != NODE_NONE && to != NODE_UNKNOWN && to != NODE_STRANGERS)
        use_add(points, from, USE_COPY, to);
}

void points_load(Points *points, NodeId pointer, NodeId to)
{
    use_add(points, pointer, USE_LOAD, to);
}

void points_store(Points *points, NodeId pointer, NodeId from)
{
    use_add(points, pointer, USE_STORE, from);
}

void points_call(Points *points, PointsSite site)
{
    vec_push(points->arena, &points->sites, site);
    use_add(points, site.callee, USE_CALL, points->sites.n - 1);
}

/* Uses that are added meanwhile are told of all that is done, so a fixed view is enough. */
static void node_pass(Points *points, NodeId id)
{
    Node before = points->nodes.at[id];
    points->nodes.at[id].is_queued = false;
    points->nodes.at[id].done = before.set.n;
    points->nodes.at[id].level_done = before.level;
    for (uint32_t u = before.uses; u; u = points->uses.at[u].next) {
        Use use = points->uses.at[u];
        for (uint32_t i = before.done; i < before.set.n; i++)
            pass_member(points, before.set.at[i], use);
        if (before.level > before.level_done) pass_level(points, before.level, use);
    }
}

void points_solve(Points *points)
{
    while (points->head < points->queue.n) {
        uint32_t left = points->queue.n - points->head;
        NodeId *first = &points->queue.at[points->head];
        NodeId *taken = &points->queue.at[points->head + shaken(0, left)];
        NodeId id = *taken;
        *taken = *first;
        points->head++;
        node_pass(points, id);
    }
}

static int number_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

PointsSet points_set(Points *points, NodeId id)
{
    const Node *node = &points->nodes.at[id];
    PointsSet set = {.is_complete = node->level == LEVEL_CLOSED ||
                                    (node->level == LEVEL_LENT && node->nfn)};
    if (node->level == LEVEL_FLOODED || !node->nfn) return set;
    uint32_t *fns = ARENA_ARRAY(points->arena, uint32_t, node->nfn);
    for (uint32_t i = 0; i < node->set.n; i++)
        if (!(node->set.at[i] & 1)) fns[set.n++] = node->set.at[i] / 2;
    qsort(fns, set.n, sizeof *fns, number_compare);
    set.fns = fns;
    return set;
}
