/* What a rule may call, and how candidates become findings. */
#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
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
    uint32_t valid = tally.sites[EVIDENCE_PASSED_VALID];
    return valid && !tally.sites[EVIDENCE_PASSED_NULL] &&
           tally.sites[EVIDENCE_PASSED_MAYBE] <= 4 * valid;
}

uint32_t check_maybe_passed(const Check *check, const Name *target, uint32_t param)
{
    const ProgramFn *fn = check_fn_of(check, target);
    if (!fn) return 0;
    Tally tally = passed_to(check, fn, param);
    return tally.sites[EVIDENCE_PASSED_MAYBE] + tally.sites[EVIDENCE_PASSED_NULL];
}

Votes check_votes(const Check *check, const Name *fn)
{
    return belief_votes(check->beliefs, (Slot){.kind = SLOT_RESULT, .name = fn});
}

Votes check_breach(const Check *check, const Breach *breach)
{
    Slot slot = {SLOT_OUT, breach->param - 1, breach->fn};
    return belief_votes(check->beliefs, slot);
}

uint32_t check_mixed(const Check *check, const Name *fn)
{
    const uint64_t *n = fn ? map_get(&check->mixed, MAP_KEY(fn)) : NULL;
    return n ? (uint32_t)*n : 0;
}

Votes check_status(const Check *check, const Name *fn)
{
    return fn ? belief_status(check->beliefs, fn) : (Votes){0, 0};
}

bool check_is_failure(const Check *check, const Name *fn, int64_t status)
{
    return status < 0 && fn && belief_success(check->beliefs, fn) == SUCCESS_SIGN;
}

Votes check_slot_votes(const Check *check, Slot slot)
{
    return belief_votes(check->beliefs, slot);
}

Tally check_tally(const Check *check, Slot slot)
{
    return belief_tally(check->beliefs, slot);
}

const char *check_slot(const Check *check, Slot slot)
{
    if (slot.kind == SLOT_RESULT)
        return arena_printf(check->arena, "the result of '%s()'",
                            check_name(check, slot.name));
    const char *text = slot.name->text;
    if (slot.kind != SLOT_FIELD) {
        const char *colon = strrchr(text, ':');
        return arena_printf(check->arena, "'%s'", colon ? colon + 1 : text);
    }
    const char *at = strchr(text, '@'), *dot = strrchr(text, '.');
    if (!at || !dot || at == text)
        return arena_printf(check->arena, "field '%s'", dot + 1);
    return arena_printf(check->arena, "field '%s' of '%.*s'", dot + 1, (int)(at - text),
                        text);
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
    /* No "-0". */
    vec_push(check->arena, &check->terms, ((ScoreTerm){name, value + 0.0}));
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
    /* What is true in every build is never behind what is not. */
    bool is_surer = finding->builds && known->builds ? finding->tier < known->tier
                    : finding->builds                ? false
                    : known->builds                  ? true
                                                     : finding->tier < known->tier;
    if (!is_surer) {
        add_related(check, known, related_step(finding));
        return;
    }
    add_related(check, finding, related_step(known));
    for (uint32_t i = 0; i < known->nrelated; i++)
        add_related(check, finding, known->related[i]);
    *known = *finding;
}

static Builds builds_of(const Candidate *candidate)
{
    bool kept = candidate->flags & CANDIDATE_KEPT;
    bool unasserted = candidate->flags & CANDIDATE_UNASSERTED;
    if (unasserted) return BUILDS_RELEASE;
    return kept ? BUILDS_CHECKED : BUILDS_ALL;
}

PRINTF_LIKE(3, 0)
static Finding make(Check *check, Tier tier, const char *fmt, va_list args)
{
    char text[900];
    vsnprintf(text, sizeof text, fmt, args);
    check->is_taken = true;
    Builds builds = builds_of(check->candidate);
    if (builds) report_term(check, "only-some-builds", -1);
    if (builds && tier < TIER_C) tier++;
    Finding finding = {.rule_id = check->rule->id,
                       .tier = tier,
                       .builds = builds,
                       .advice = check->rule->advice,
                       .terms = check->terms.at,
                       .nterm = check->terms.n};
    finding.text = arena_copy(check->arena, text, strlen(text));
    for (uint32_t i = 0; i < finding.nterm; i++)
        finding.score += finding.terms[i].value;
    check->made = finding;
    return finding;
}

static void take_place(const Check *check, Finding *finding)
{
    finding->function = check->fn->fn->name->text;
    finding->place = place_at(check->fn->unit, check_ins(check, check->candidate)->loc);
    if (check->candidate->what && *check->candidate->what)
        finding->pointer = check->candidate->what;
}

/* The one finding of that cause so far, or this one, which is now it. */
static Finding *find_cause(Check *check, uint64_t key, const Finding *finding)
{
    bool added;
    uint64_t *same = map_put(&check->by_cause, key, check->findings.n, &added);
    if (!added) return &check->findings.at[*same];
    vec_push(check->arena, &check->findings, *finding);
    return NULL;
}

void report(Check *check, Tier tier, const char *fmt, ...)
{
    const Candidate *candidate = check->candidate;
    va_list args;
    va_start(args, fmt);
    Finding finding = make(check, tier, fmt, args);
    va_end(args);
    take_place(check, &finding);
    finding.steps =
        steps_make(check, check->fn, candidate->steps, candidate->nstep, &finding.nstep);
    const char *names[3] = {candidate->what,
                            candidate->callee ? candidate->callee->text : NULL,
                            candidate->target ? candidate->target->text : NULL};
    finding_identify(&finding, names, 3);
    Finding *known = find_cause(check, cause_key(check), &finding);
    if (known) join_cause(check, known, &finding);
}

void report_fault(Check *check, Tier tier, const char *fmt, ...)
{
    const Fault *fault = check->candidate->fault;
    va_list args;
    va_start(args, fmt);
    Finding finding = make(check, tier, fmt, args);
    va_end(args);
    const ProgramFn *home = check_fn_of(check, fault->site.fn);
    if (!home || !home->fn->body) home = check->fn;
    finding.steps = steps_make(check, home, fault->steps, fault->nstep, &finding.nstep);
    InsPlace at = place_of(home->fn->body, fault->site.ins);
    finding.function = home->fn->name->text;
    if (check->rule->remedy == REMEDY_PASS && *fault->context)
        finding.pointer = fault->context;
    if (at.block < home->fn->body->nblock)
        finding.place =
            place_at(home->unit, home->fn->body->blocks[at.block].ins[at.ins].loc);
    const char *names[3] = {fault->context, fault->callee ? fault->callee->text : NULL,
                            fault->missing};
    finding_identify(&finding, names, 3);
    uint64_t key = hash_word(MAP_KEY(check->rule) ^ hash_word(MAP_KEY(home) + 1)) ^
                   hash_word((uint64_t)fault->site.ins << 8 | (fault->arg & 0xff));
    Finding *known = find_cause(check, key, &finding);
    if (known && finding.tier < known->tier) *known = finding;
}

/* The steps of the path in that function, and a key for this way through it. */
static SiteStep *steps_in(const Check *check, const Name *fn, uint32_t *n, uint64_t *key)
{
    const Candidate *candidate = check->candidate;
    SiteStep *steps = ARENA_ARRAY(check->arena, SiteStep, candidate->nstep + 1);
    *n = 0;
    *key = hash_word(MAP_KEY(check->rule)) ^ hash_word(MAP_KEY(fn) + 1);
    for (uint32_t i = 0; i < candidate->nstep; i++) {
        SiteStep step = candidate->steps[i];
        if (step.site.fn != fn) continue;
        steps[(*n)++] = step;
        uint64_t what = (uint64_t)step.kind << 33 | (uint64_t)step.flag << 32;
        *key = hash_word(*key ^ hash_word(what | step.site.ins));
    }
    return steps;
}

void report_cause(Check *check, Tier tier, const Name *fn, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    Finding finding = make(check, tier, fmt, args), effect = {0};
    va_end(args);
    uint32_t n;
    uint64_t key;
    SiteStep *steps = steps_in(check, fn, &n, &key);
    const ProgramFn *home = check_fn_of(check, fn);
    finding.steps = steps_make(check, home, steps, n, &finding.nstep);
    take_place(check, &effect);
    finding.place = effect.place;
    if (finding.nstep) finding.place = finding.steps[finding.nstep - 1].place;
    finding.function = check_name(check, fn);
    const char *names[1] = {fn->text};
    finding_identify(&finding, names, 1);
    Finding *known = find_cause(check, key, &finding);
    if (!known) known = &check->findings.at[check->findings.n - 1];
    if (finding.tier < known->tier) known->tier = finding.tier;
    Step step = related_step(&effect);
    step.text = "the status is tested here, and then the null is used";
    add_related(check, known, step);
}
