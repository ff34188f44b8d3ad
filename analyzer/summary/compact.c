/*
 * The table of a summary's terms, without what nothing names. The engine exports terms as it
 * meets them, also some that no outcome keeps: left in, they would make equal summaries
 * differ, and callers would be run again for nothing.
 */
#include "summary/compact.h"

#include <string.h>

#include "base/vec.h"

typedef struct Compact {
    const SummaryTerm *from;
    TermId *known; /* old number -> new number, 0: not met */
    VEC(SummaryTerm) terms;
    int64_t nfresh;
    Arena *arena;
} Compact;

/* Operands first. They have smaller numbers, so this ends. */
static TermId keep(Compact *compact, TermId id)
{
    if (!id || compact->known[id]) return compact->known[id];
    SummaryTerm term = compact->from[id];
    BUG_IF(term.a >= id || term.b >= id);
    term.a = keep(compact, term.a);
    term.b = keep(compact, term.b);
    if (term.kind == TERM_FRESH) term.imm = compact->nfresh++;
    vec_push(compact->arena, &compact->terms, term);
    return compact->known[id] = compact->terms.n - 1;
}

static TermId *keep_ids(Compact *compact, const TermId *ids, uint32_t n)
{
    TermId *kept = n ? ARENA_ARRAY(compact->arena, TermId, n) : NULL;
    for (uint32_t i = 0; i < n; i++)
        kept[i] = keep(compact, ids[i]);
    return kept;
}

static Guard *keep_guards(Compact *compact, const Guard *guards, uint32_t n)
{
    Guard *kept = n ? ARENA_ARRAY(compact->arena, Guard, n) : NULL;
    for (uint32_t i = 0; i < n; i++)
        kept[i] = (Guard){keep(compact, guards[i].term), guards[i].range};
    return kept;
}

static void keep_outcome(Compact *compact, Outcome *outcome)
{
    outcome->guards = keep_guards(compact, outcome->guards, outcome->nguard);
    outcome->result = keep(compact, outcome->result);
    for (uint32_t i = 0; i < outcome->neffect; i++) {
        Effect *effect = &outcome->effects[i];
        effect->to = keep(compact, effect->to);
        effect->from = keep(compact, effect->from);
        effect->size = keep(compact, effect->size);
    }
    for (uint32_t i = 0; i < outcome->npost; i++) {
        Post *post = &outcome->posts[i];
        post->address = keep(compact, post->address);
        post->value = keep(compact, post->value);
    }
    outcome->unset = keep_ids(compact, outcome->unset, outcome->nunset);
    outcome->hollow = keep(compact, outcome->hollow);
    for (uint32_t i = 0; i < outcome->nmark; i++) {
        RequestMark *mark = &outcome->marks[i];
        mark->value = keep(compact, mark->value);
        mark->attached = keep(compact, mark->attached);
    }
}

void summary_compact(Summary *summary, Arena *arena, Arena *scratch)
{
    Compact compact = {.from = summary->terms, .arena = arena};
    ArenaMark mark = arena_mark(scratch);
    compact.known = ARENA_ARRAY(scratch, TermId, summary->nterm + 1);
    vec_push(arena, &compact.terms, (SummaryTerm){0});
    for (uint32_t i = 0; i < summary->noutcome; i++)
        keep_outcome(&compact, &summary->outcomes[i]);
    for (uint32_t i = 0; i < summary->nlatent; i++) {
        Latent *latent = &summary->latents[i];
        latent->guards = keep_guards(&compact, latent->guards, latent->nguard);
        latent->term = keep(&compact, latent->term);
    }
    for (uint32_t i = 0; i < summary->ninvoke; i++) {
        Invoke *invoke = &summary->invokes[i];
        invoke->callee = keep(&compact, invoke->callee);
        invoke->args = keep_ids(&compact, invoke->args, invoke->narg);
        invoke->guards = keep_guards(&compact, invoke->guards, invoke->nguard);
    }
    for (uint32_t i = 0; i < summary->nneed; i++)
        summary->needs[i].carrier = keep(&compact, summary->needs[i].carrier);
    summary->clobbers = keep_ids(&compact, summary->clobbers, summary->nclobber);
    summary->terms = compact.terms.at;
    summary->nterm = compact.terms.n;
    arena_reset(scratch, mark);
}
