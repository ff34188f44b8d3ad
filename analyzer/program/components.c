/*
 * Strongly connected components by Tarjan's algorithm. The recursion is unrolled into a list
 * of frames, for call chains may be as deep as the program is large.
 */
#include "program/components.h"

typedef struct Frame {
    uint32_t node, edge;
} Frame;

struct Components {
    CallList calls;
    const uint32_t *group;
    ComponentEnd *end;
    void *data;
    uint32_t *index, *low; /* index 0: not seen */
    bool *is_open;         /* on the stack of nodes */
    uint32_t *stack;
    uint32_t nstack, nindex;
    Frame *frames;
    uint32_t nframe;
};

Components *components_new(CallList calls, uint32_t nnode, const uint32_t *group,
                           ComponentEnd *end, void *data, Arena *arena)
{
    Components *components = ARENA_NEW(arena, Components);
    *components = (Components){.calls = calls,
                               .group = group,
                               .end = end,
                               .data = data,
                               .index = ARENA_ARRAY(arena, uint32_t, nnode),
                               .low = ARENA_ARRAY(arena, uint32_t, nnode),
                               .is_open = ARENA_ARRAY(arena, bool, nnode),
                               .stack = ARENA_ARRAY(arena, uint32_t, nnode),
                               .frames = ARENA_ARRAY(arena, Frame, nnode)};
    return components;
}

/* The nodes above `root` on the stack are one component. */
static void component_end(Components *components, uint32_t root)
{
    uint32_t start = components->nstack, end = start;
    do {
        components->is_open[components->stack[--start]] = false;
    } while (components->stack[start] != root);
    components->nstack = start;
    components->end(components->data, components->stack + start, end - start);
}

static void node_enter(Components *components, uint32_t node)
{
    components->index[node] = components->low[node] = ++components->nindex;
    components->is_open[node] = true;
    components->stack[components->nstack++] = node;
    components->frames[components->nframe++] =
        (Frame){node, components->calls.first[node]};
}

static void follow(Components *components, uint32_t node, uint32_t to)
{
    if (components->group && components->group[node] != components->group[to]) return;
    if (!components->index[to])
        node_enter(components, to);
    else if (components->is_open[to] && components->index[to] < components->low[node])
        components->low[node] = components->index[to];
}

void components_from(Components *components, uint32_t root)
{
    if (components->index[root]) return;
    node_enter(components, root);
    while (components->nframe) {
        Frame *frame = &components->frames[components->nframe - 1];
        uint32_t node = frame->node;
        if (frame->edge < components->calls.first[node + 1]) {
            follow(components, node, components->calls.to[frame->edge++]);
            continue;
        }
        if (components->low[node] == components->index[node])
            component_end(components, node);
        if (!--components->nframe) break;
        uint32_t parent = components->frames[components->nframe - 1].node;
        if (components->low[node] < components->low[parent])
            components->low[parent] = components->low[node];
    }
}
