/* Any bytes as a diff: it is read or refused, and what was read can be held against findings. */
#include <string.h>

#include "finding/patch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new("fuzz");
    const char *text = arena_copy(arena, (const char *)data, size);
    Patch patch;
    Err err = {0};
    if (patch_read(text, size, arena, &patch, &err)) {
        Step step = {.place = {.path = "a.c", .line = 3}, .function = "f"};
        Finding finding = {.rule_id = "r", .tier = TIER_A, .function = "f"};
        finding.place = (Place){.path = "a.c", .line = 9};
        finding.steps = &step;
        finding.nstep = 1;
        FindingList list = {&finding, 1};
        patch_apply(&list, &patch);
        BUG_IF(finding.age == AGE_UNASKED);
    } else {
        BUG_IF(err.kind != ERR_USAGE);
    }
    arena_free(arena);
    return 0;
}
