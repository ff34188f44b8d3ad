/*
 * A use without a test becomes something for the rules to look at when the rest of the program
 * treats the pointer otherwise. What votes are worth is for the rules to say; here
 * only what cannot be an exception is left out.
 */
#include "belief/inner.h"

enum { MOST_CALLERS = 6 };

static void where(const Beliefs *beliefs, Site site, Candidate *candidate,
                  const Ins **found)
{
    const Body *body = program_find(beliefs->program, site.fn)->fn->body;
    uint32_t block = 0, ins = site.ins;
    while (block < body->nblock && ins >= body->blocks[block].nins)
        ins -= body->blocks[block++].nins;
    candidate->block = block;
    candidate->ins = ins;
    *found = block < body->nblock ? &body->blocks[block].ins[ins] : NULL;
}

/* The null that somebody assigns: the first by name of the function, for every order of units. */
static Site null_site(const Beliefs *beliefs, uint32_t entry)
{
    Site best = {NULL, NO_INS};
    for (uint32_t k = beliefs->entries.at[entry].detail; k;
         k = beliefs->details.at[k].next) {
        const Evidence *set = &beliefs->details.at[k].evidence;
        if (set->kind != EVIDENCE_SET_NULL) continue;
        int order = best.fn ? name_compare(set->site.fn, best.fn) : -1;
        if (order < 0 || (order == 0 && set->site.ins < best.ins)) best = set->site;
    }
    return best;
}

/* Some function that hands out this one's address deals with the slot, too: it may do so only
 * for objects where it is set. */
static bool is_arranged(const Beliefs *beliefs, const Name *fn, uint32_t slot)
{
    uint32_t entry = entry_find(beliefs, (Slot){.kind = SLOT_RESULT, .name = fn});
    for (uint32_t k = entry ? beliefs->entries.at[entry].detail : 0; k;
         k = beliefs->details.at[k].next) {
        const Evidence *named = &beliefs->details.at[k].evidence;
        if (named->kind == EVIDENCE_NAMED &&
            map_get(&beliefs->touched, touch_key(slot, named->site.fn)))
            return true;
    }
    return false;
}

bool belief_candidate(Beliefs *beliefs, const Evidence *use, Arena *arena,
                      Candidate *candidate)
{
    if (use->kind != EVIDENCE_UNCHECKED || use->use == NO_INS) return false;
    Slot slot = use->slot;
    uint32_t entry = entry_find(beliefs, slot);
    Verdict verdict = belief_verdict(belief_votes(beliefs, slot), 1);
    if (slot.kind == SLOT_RESULT && program_find(beliefs->program, slot.name)->model)
        return false; /* what a model says needs no vote */
    if (!entry || (verdict != VERDICT_MANY && verdict != VERDICT_CLEAR)) return false;
    bool is_guarded;
    Blame blame = belief_blame(beliefs, use, &is_guarded);
    if (blame == BLAME_NOBODY || blame == BLAME_UNKNOWN) return false;
    const Ins *ins;
    Site here = {use->site.fn, use->use};
    *candidate = (Candidate){.kind = CANDIDATE_UNCHECKED, .slot = slot, .source = here};
    where(beliefs, here, candidate, &ins);
    if (!ins) return false;
    const ProgramFn *fn = program_find(beliefs->program, use->site.fn);
    candidate->what =
        use->what ? ir_text(fn->unit, fn->fn->body, candidate->block, use->what, arena)
                  : "";
    if (slot.kind == SLOT_RESULT) candidate->callee = slot.name;
    if (use->flags & EVIDENCE_MERGED) candidate->flags |= CANDIDATE_MERGED;
    if (is_guarded) candidate->flags |= CANDIDATE_ASSUMED;
    if (beliefs->entries.at[entry].is_chained) candidate->flags |= CANDIDATE_LOOP;
    if (beliefs->entries.at[entry].is_untyped) candidate->flags |= CANDIDATE_CHOSEN;
    if (use->flags & EVIDENCE_CALLED) candidate->flags |= CANDIDATE_CHOSEN;
    if (use->flags & EVIDENCE_PASSED) candidate->flags |= CANDIDATE_LATENT;
    if (blame == BLAME_POINTER) candidate->flags |= CANDIDATE_INDIRECT;
    SiteStep *steps = ARENA_ARRAY(arena, SiteStep, MOST_CALLERS + 2);
    Site null = null_site(beliefs, entry), callers[MOST_CALLERS];
    uint32_t n = 0, ncaller = belief_callers(beliefs, use, callers, MOST_CALLERS);
    const Name *top = ncaller ? callers[ncaller - 1].fn : use->site.fn;
    if (blame == BLAME_POINTER && is_arranged(beliefs, top, entry))
        candidate->flags |= CANDIDATE_CHOSEN;
    if (null.fn) steps[n++] = (SiteStep){STEP_NULL_CONST, false, null};
    while (ncaller--)
        steps[n++] = (SiteStep){STEP_CALL, false, callers[ncaller]};
    steps[n++] = (SiteStep){ins->op == OP_CALL ? STEP_PASSED : STEP_DEREF, false, here};
    candidate->steps = steps;
    candidate->nstep = n;
    return true;
}
