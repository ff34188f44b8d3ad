/*
 * A use without a test becomes something for the rules to look at when the rest of the program
 * treats the pointer otherwise. What votes are worth is for the rules to say; here
 * only what cannot be an exception is left out.
 */
#include "belief/inner.h"

enum { MOST_CALLERS = 6 };

/* The instruction of a site, and where it stands in its body; NULL when it is none. */
static const Ins *ins_at(const Beliefs *beliefs, Site site, uint32_t *block,
                         uint32_t *ins)
{
    const Body *body = program_find(beliefs->program, site.fn)->fn->body;
    *block = 0;
    *ins = site.ins;
    while (*block < body->nblock && *ins >= body->blocks[*block].nins)
        *ins -= body->blocks[(*block)++].nins;
    return *block < body->nblock ? &body->blocks[*block].ins[*ins] : NULL;
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

static SiteStep null_step(const Beliefs *beliefs, Site site)
{
    uint32_t block, number;
    const Ins *ins = ins_at(beliefs, site, &block, &number);
    bool call = ins && ins->op == OP_CALL;
    return (SiteStep){call ? STEP_RETURNS_NULL : STEP_NULL_CONST, false, site};
}

bool belief_candidate(Beliefs *beliefs, const Evidence *use, Arena *arena,
                      Candidate *candidate)
{
    if (use->kind != EVIDENCE_UNCHECKED || use->use == NO_INS) return false;
    Slot slot = use->slot;
    uint32_t entry = entry_find(beliefs, slot);
    if (slot.kind == SLOT_RESULT && program_find(beliefs->program, slot.name)->model)
        return false; /* what a model says needs no vote */
    if (!entry) return false;
    bool is_guarded;
    Blame blame = belief_blame(beliefs, use, &is_guarded);
    /* One that is guarded is not among those who vote. */
    Verdict verdict = belief_verdict(belief_votes(beliefs, slot), is_guarded ? 0 : 1);
    if (verdict != VERDICT_MANY && verdict != VERDICT_CLEAR) return false;
    if (blame == BLAME_NOBODY || blame == BLAME_UNKNOWN) return false;
    Site here = {use->site.fn, use->use};
    *candidate = (Candidate){.kind = CANDIDATE_UNCHECKED, .slot = slot, .source = here};
    const Ins *ins = ins_at(beliefs, here, &candidate->block, &candidate->ins);
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
    if (blame == BLAME_POINTER && !table_is_list(beliefs, top))
        candidate->flags |= CANDIDATE_CHOSEN;
    if (null.fn) steps[n++] = null_step(beliefs, null);
    while (ncaller--)
        steps[n++] = (SiteStep){STEP_CALL, false, callers[ncaller]};
    steps[n++] = (SiteStep){ins->op == OP_CALL ? STEP_PASSED : STEP_DEREF, false, here};
    candidate->steps = steps;
    candidate->nstep = n;
    return true;
}
