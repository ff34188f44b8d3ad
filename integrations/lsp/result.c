/* Results on their way to the server: what is hidden or allowed stays behind. */
#include "result.h"

#include <string.h>

typedef struct Packing {
    Arena *arena;
    VEC(Finding) findings;
    VEC(Shown) shown;
} Packing;

static void add_list(Packing *packing, const FindingList *list, ResultKind kind)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const Finding *finding = &list->at[i];
        if (finding->is_hidden || finding->suppressed || finding->age == AGE_KNOWN)
            continue;
        vec_push(packing->arena, &packing->findings, *finding);
        vec_push(packing->arena, &packing->shown, ((Shown){kind, finding->blocks}));
    }
}

/* Of units that were not wholly understood; what was adapted is no news to who edits. */
static void add_notes(Packing *packing, const RunResult *result)
{
    for (uint32_t i = 0; i < result->nnote; i++) {
        const RunNote *note = &result->notes[i];
        if (note->kind == RUN_ADAPTED) continue;
        const char *how = note->kind == RUN_FAILED    ? "analysed not at all: "
                          : note->kind == RUN_PARTIAL ? "analysed in part: "
                                                      : "";
        Finding finding = {
            .rule_id = "analysis-incomplete",
            .tier = TIER_C,
            .place = note->place,
            .text = arena_printf(packing->arena, "%s%s", how, note->text),
            .advice = *how ? "Findings here may be missing until it compiles." : NULL};
        vec_push(packing->arena, &packing->findings, finding);
        vec_push(packing->arena, &packing->shown, ((Shown){RESULT_NOTE, false}));
    }
}

void result_write(Buf *out, const RunResult *result, Arena *arena)
{
    Packing packing = {.arena = arena};
    add_list(&packing, &result->findings, RESULT_FINDING);
    add_list(&packing, &result->remarks, RESULT_REMARK);
    add_notes(&packing, result);
    FindingList list = {packing.findings.at, packing.findings.n};
    Buf bytes;
    buf_init(&bytes, arena);
    buf_put(&bytes, "", 0);
    finding_write(&bytes, &list);
    body_put(out, result->root, strlen(result->root));
    body_put(out, bytes.at, bytes.n);
    for (uint32_t i = 0; i < list.n; i++)
        body_put_number(out, (uint64_t)packing.shown.at[i].kind << 1 |
                                 packing.shown.at[i].blocks);
}

bool result_read(Message message, Arena *arena, ResultMessage *result)
{
    const char *bytes;
    size_t len;
    *result = (ResultMessage){0};
    if (!body_get(&message, &result->root, &len)) return false;
    result->root = arena_copy(arena, result->root, len);
    if (!body_get(&message, &bytes, &len) ||
        !finding_read(bytes, len, arena, &result->findings, NULL))
        return false;
    Shown *shown = ARENA_ARRAY(arena, Shown, result->findings.n);
    for (uint32_t i = 0; i < result->findings.n; i++) {
        uint64_t number;
        if (!body_get_number(&message, &number) || number >> 1 > RESULT_NOTE)
            return false;
        shown[i] = (Shown){(ResultKind)(number >> 1), number & 1};
    }
    result->shown = shown;
    return true;
}
