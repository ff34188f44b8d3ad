/*
 * What the workers share: PCHs in a folder of this run's own, and the order of the jobs.
 *
 * PCHs come first, because many TUs wait for each. A TU only waits for its own. What a fact says
 * does not depend on whether its PCH came to be, so nothing here has to be fair or exact.
 */
#include "run/share.h"

void share_begin(Share *share, bool wanted, const Command *const *commands, uint32_t n,
                 Arena *arena)
{
    *share = (Share){.ncommand = n, .is_given = ARENA_ARRAY(arena, bool, n)};
    if (wanted) pch_plan(commands, n, arena, &share->plan);
    if (!share->plan.ngroup) return;
    share->is_settled = ARENA_ARRAY(arena, bool, share->plan.ngroup);
    if (!temporary_make(&share->folder, arena)) share->plan = (PchPlan){0};
}

void share_end(Share *share)
{
    temporary_remove(&share->folder);
}

static bool is_ready(const Share *share, uint32_t command)
{
    uint32_t group = share->plan.ngroup ? share->plan.group_of[command] : 0;
    return !group || share->is_settled[group - 1];
}

uint32_t share_next(Share *share)
{
    if (share->nbuild < share->plan.ngroup) return share->ncommand + share->nbuild++;
    while (share->next < share->ncommand && share->is_given[share->next])
        share->next++;
    for (uint32_t i = share->next; i < share->ncommand; i++) {
        if (share->is_given[i] || !is_ready(share, i)) continue;
        share->is_given[i] = true;
        return i;
    }
    return share_is_empty(share) ? SHARE_END : SHARE_WAIT;
}

bool share_is_empty(const Share *share)
{
    if (share->nbuild < share->plan.ngroup) return false;
    for (uint32_t i = share->next; i < share->ncommand; i++)
        if (!share->is_given[i]) return false;
    return true;
}

void share_settle(Share *share, uint32_t group)
{
    share->is_settled[group] = true;
}

bool share_forget(Share *share, uint32_t command)
{
    if (!share->plan.ngroup || !share->plan.group_of[command]) return false;
    share->plan.group_of[command] = 0;
    return true;
}

const char *share_path(const Share *share, uint32_t group, Arena *arena)
{
    return arena_printf(arena, "%s/%u.pch", share->folder.path, group);
}

const char *share_pch_of(const Share *share, uint32_t command, Arena *arena)
{
    uint32_t group = share->plan.ngroup ? share->plan.group_of[command] : 0;
    return group ? share_path(share, group - 1, arena) : NULL;
}
