/* What a rule may call, and how candidates become findings. */
#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/inner.h"

enum { MOST_RELATED = 20 };

static Tally passed_to(const Check *check, const ProgramFn *fn, uint32_t param)
{
    return belief_tally(check->beliefs, (Slot){SLOT_PARAM, param, fn->link_name});
}

bool check_always_passed(const Check *check, uint32_t param)
{
    if (!param || check->fn->is_address_taken) return false;
    Tally tally = passed_to(check, check->fn, param - 1);
    return tally.sites[EVIDENCE_PASSED_VALID] && !tally.sites[EVIDENCE_PASSED_MAYBE];
}

uint32_t check_maybe_passed(const Check *check, const Name *target, uint32_t param)
{
    const ProgramFn *fn = check_fn_of(check, target);
    return fn ? passed_to(check, fn, param).sites[EVIDENCE_PASSED_MAYBE] : 0;
}

Votes check_votes(const Check *check, const Name *fn)
{
    return belief_votes(check->beliefs, (Slot){.kind = SLOT_RESULT, .name = fn});
}

const ProgramFn *check_fn_of(const Check *check, const Name *link_name)
{
    return link_name ? program_find(check->program, link_name) : NULL;
}

const ProgramFn *check_function(const Check *check)
{
    return check->fn;
}

const Ins *check_ins(const Check *check, const Candidate *candidate)
{
    return &check->fn->fn->body->blocks[candidate->block].ins[candidate->ins];
}

const char *check_name(const Check *check, const Name *link_name)
{
    const ProgramFn *fn = check_fn_of(check, link_name);
    if (fn) return fn->fn->name->text;
    if (!link_name) return "";
    const char *colon = strrchr(link_name->text, ':');
    return colon ? colon + 1 : link_name->text;
}

const char *check_what(const Check *check, const Candidate *candidate)
{
    if (!candidate->what || !*candidate->what) return "this pointer";
    return arena_printf(check->arena, "'%s'", candidate->what);
}

const char *check_because(const Check *check, const Candidate *candidate)
{
    if (!candidate->nstep || candidate->source.ins == NO_INS) return "";
    const ProgramFn *fn = check_fn_of(check, candidate->steps[0].site.fn);
    if (!fn || !fn->fn->body) return "";
    InsPlace at = place_of(fn->fn->body, candidate->steps[0].site.ins);
    if (at.block >= fn->fn->body->nblock) return "";
    Loc loc = fn->fn->body->blocks[at.block].ins[at.ins].loc;
    return arena_printf(check->arena, ": %s (line %u)",
                        step_text(check, &candidate->steps[0], fn), loc.line);
}

void dismiss(Check *check)
{
    check->is_taken = true;
}

void report_term(Check *check, const char *name, double value)
{
    vec_push(check->arena, &check->terms, ((ScoreTerm){name, value}));
}

/* One root cause is one finding: a null that is used in ten places is one report with nine
 * related ones, whichever rules speak of the uses. */
static uint64_t cause_key(const Check *check)
{
    const Candidate *candidate = check->candidate;
    bool is_use = candidate->kind == CANDIDATE_DEREF ||
                  candidate->kind == CANDIDATE_ARG || candidate->kind == CANDIDATE_CALL;
    uint64_t key = is_use ? 1 : hash_word(MAP_KEY(check->rule));
    uint64_t site = candidate->source.ins;
    if (site == NO_INS) site = 0x100000000u + candidate->block * 4096u + candidate->ins;
    return hash_word(key ^ hash_word(MAP_KEY(check->fn) + 1)) ^ hash_word(site);
}

static bool is_same_place(const Place *a, const Place *b)
{
    return a->line == b->line && a->column == b->column && !strcmp(a->path, b->path);
}

static void add_related(const Check *check, Finding *finding, Step step)
{
    if (finding->nrelated >= MOST_RELATED) return;
    if (is_same_place(&finding->place, &step.place)) return;
    for (uint32_t i = 0; i < finding->nrelated; i++)
        if (is_same_place(&finding->related[i].place, &step.place)) return;
    Step *related = ARENA_ARRAY(check->arena, Step, finding->nrelated + 1);
    if (finding->nrelated)
        memcpy(related, finding->related, finding->nrelated * sizeof *related);
    related[finding->nrelated++] = step;
    finding->related = related;
}

static Step related_step(const Finding *finding)
{
    return (Step){.place = finding->place,
                  .function = finding->function,
                  .text = "the same null is used here too"};
}

/* The use that is surest speaks for the cause; the others are related to it. */
static void join_cause(const Check *check, Finding *known, Finding *finding)
{
    if (finding->tier >= known->tier) {
        add_related(check, known, related_step(finding));
        return;
    }
    add_related(check, finding, related_step(known));
    for (uint32_t i = 0; i < known->nrelated; i++)
        add_related(check, finding, known->related[i]);
    *known = *finding;
}

static void end_place(Finding *finding, const Candidate *candidate)
{
    size_t len = candidate->what ? strlen(candidate->what) : 0;
    if (len && len < 60)
        finding->place.end_column = finding->place.column + (uint32_t)len;
}

void report(Check *check, Tier tier, const char *fmt, ...)
{
    const Candidate *candidate = check->candidate;
    check->is_taken = true;
    va_list args;
    char text[900];
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    Finding finding = {
        .rule_id = check->rule->id, .tier = tier, .advice = check->rule->advice};
    finding.text = arena_copy(check->arena, text, strlen(text));
    finding.function = check->fn->fn->name->text;
    finding.place = place_at(check->fn->unit, check_ins(check, candidate)->loc);
    end_place(&finding, candidate);
    finding.steps = steps_make(check, candidate->steps, candidate->nstep, &finding.nstep);
    finding.terms = check->terms.at;
    finding.nterm = check->terms.n;
    for (uint32_t i = 0; i < finding.nterm; i++)
        finding.score += finding.terms[i].value;
    const char *names[3] = {candidate->what,
                            candidate->callee ? candidate->callee->text : NULL,
                            candidate->target ? candidate->target->text : NULL};
    finding_identify(&finding, names, 3);
    bool added;
    uint64_t *same =
        map_put(&check->by_cause, cause_key(check), check->findings.n, &added);
    if (added)
        vec_push(check->arena, &check->findings, finding);
    else
        join_cause(check, &check->findings.at[*same], &finding);
}
