/* What a function asks of its callers: its latent errors, and what it calls back. */
#include <string.h>

#include "contract/inner.h"

static uint32_t param_of(const Phrase *phrase, TermId term)
{
    const SummaryTerm *at = &phrase->summary->terms[term];
    return term && at->kind == TERM_PARAM ? (uint32_t)at->imm + 1 : 0;
}

/* The parameter or global that a term leads back to; 0 none. */
static TermId root_of(const Phrase *phrase, TermId term)
{
    const SummaryTerm *terms = phrase->summary->terms;
    while (term && terms[term].kind != TERM_PARAM && terms[term].kind != TERM_GLOBAL)
        term = terms[term].a;
    return term;
}

static bool is_of_global(const Phrase *phrase, TermId term)
{
    TermId root = root_of(phrase, term);
    return root && phrase->summary->terms[root].kind == TERM_GLOBAL;
}

/* "something reached from t": better than nothing. */
static const char *reached_text(const Phrase *phrase, TermId term)
{
    TermId root = root_of(phrase, term);
    if (!root) return "something it reads";
    const char *text = is_of_global(phrase, term) ? phrase_global(phrase, root)
                                                  : phrase_value(phrase, root);
    return text ? arena_printf(phrase->arena, "something reached from %s", text)
                : "something it reads";
}

static const char *what_text(const Phrase *phrase, TermId term)
{
    if (!term) return "";
    const char *text = phrase_value(phrase, term);
    return text ? text : reached_text(phrase, term);
}

static ContractNeed need_of(LatentKind kind)
{
    switch (kind) {
    case LATENT_DEREF: return CONTRACT_DEREFERENCED;
    case LATENT_NONNULL: return CONTRACT_PASSED;
    case LATENT_CALL: return CONTRACT_CALLED;
    }
    return CONTRACT_DEREFERENCED;
}

static ContractDemand demand_of(const Phrase *phrase, const Latent *latent)
{
    const Program *program = phrase->records->program;
    ContractDemand demand = {.what = what_text(phrase, latent->term),
                             .param = param_of(phrase, latent->term),
                             .need = need_of(latent->kind),
                             .is_partial = !latent->is_must,
                             .place = {.path = ""},
                             .via = "",
                             .via_place = {.path = ""}};
    TextList when = {0};
    for (uint32_t i = 0; i < latent->nguard; i++) {
        if (!add_guard(phrase, latent->guards[i], &when)) demand.is_partial = true;
    }
    demand.when = when.at;
    demand.nwhen = when.n;
    demand.is_global = latent->term && is_of_global(phrase, latent->term);
    demand.is_reached = latent->term && !phrase_value(phrase, latent->term);
    if (!latent->nstep) return demand;
    demand.place = site_place(program, latent->steps[0].site);
    demand.via = site_callee(program, latent->steps[0].site);
    if (latent->nstep > 1)
        demand.via_place = site_place(program, latent->steps[latent->nstep - 1].site);
    return demand;
}

static bool is_equal(const ContractDemand *a, const ContractDemand *b)
{
    if (a->nwhen != b->nwhen || a->is_partial != b->is_partial || a->need != b->need)
        return false;
    for (uint32_t i = 0; i < a->nwhen; i++)
        if (strcmp(a->when[i], b->when[i]) != 0) return false;
    return !strcmp(a->what, b->what) && a->place.line == b->place.line;
}

/* The same thing asked for twice: what is asked always says it. */
static bool is_told(const ContractDemand *demands, uint32_t n,
                    const ContractDemand *demand)
{
    for (uint32_t i = 0; i < n; i++) {
        if (is_equal(&demands[i], demand)) return true;
        bool always = *demand->what && !demands[i].nwhen && !demands[i].is_partial;
        if (always && !strcmp(demands[i].what, demand->what)) return true;
    }
    return false;
}

static bool is_always(const ContractDemand *demand)
{
    return !demand->nwhen && !demand->is_partial;
}

static void infer_invokes(const Phrase *phrase, Contract *contract)
{
    const Summary *summary = phrase->summary;
    ContractInvoke *invokes =
        ARENA_ARRAY(phrase->arena, ContractInvoke, summary->ninvoke + 1);
    for (uint32_t i = 0; i < summary->ninvoke; i++) {
        const Invoke *invoke = &summary->invokes[i];
        const char *what = phrase_value(phrase, invoke->callee);
        if (!what) continue;
        const char **args = ARENA_ARRAY(phrase->arena, const char *, invoke->narg + 1);
        for (uint32_t k = 0; k < invoke->narg; k++) {
            const char *text =
                invoke->args[k] ? phrase_value(phrase, invoke->args[k]) : NULL;
            args[k] = text ? text : "";
        }
        invokes[contract->ninvoke++] =
            (ContractInvoke){.what = what,
                             .args = args,
                             .narg = invoke->narg,
                             .place = site_place(phrase->records->program, invoke->site)};
    }
    contract->invokes = invokes;
}

void demands_infer(const Phrase *phrase, Contract *contract)
{
    const Summary *summary = phrase->summary;
    ContractDemand *all =
        ARENA_ARRAY(phrase->arena, ContractDemand, summary->nlatent + 1);
    ContractDemand *kept =
        ARENA_ARRAY(phrase->arena, ContractDemand, summary->nlatent + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < summary->nlatent; i++)
        all[i] = demand_of(phrase, &summary->latents[i]);
    for (int always = 1; always >= 0; always--)
        for (uint32_t i = 0; i < summary->nlatent; i++)
            if (is_always(&all[i]) == always && !is_told(kept, n, &all[i]))
                kept[n++] = all[i];
    contract->demands = kept;
    contract->ndemand = n;
    infer_invokes(phrase, contract);
}
