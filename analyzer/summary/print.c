/*
 * A summary as text, for people and for golden tests: terms the way C would write them,
 * `arg0` for the first parameter's value on entry, `new0` for what the function makes.
 */
#include "summary/summary.h"

enum { MOST_DEPTH = 40 };

static void print_term(Buf *out, const Summary *summary, TermId id, int depth);

static void print_calc(Buf *out, const Summary *summary, const SummaryTerm *term,
                       int depth)
{
    buf_printf(out, "(%s", calc_text(term->calc));
    if (term->is_unsigned) buf_text(out, ".u");
    buf_text(out, " ");
    print_term(out, summary, term->a, depth);
    if (term->b) buf_text(out, " ");
    if (term->b) print_term(out, summary, term->b, depth);
    buf_text(out, ")");
}

static void print_offset(Buf *out, const Summary *summary, const SummaryTerm *term,
                         int depth)
{
    buf_text(out, "(");
    print_term(out, summary, term->a, depth);
    if (term->kind == TERM_INDEX) {
        buf_text(out, " + ");
        print_term(out, summary, term->b, depth);
        buf_printf(out, " * %lld)", (long long)term->imm);
    } else {
        buf_printf(out, " + %lld)", (long long)term->imm);
    }
}

static void print_term(Buf *out, const Summary *summary, TermId id, int depth)
{
    if (!id || id >= summary->nterm || depth > MOST_DEPTH) {
        buf_text(out, "?");
        return;
    }
    const SummaryTerm *term = &summary->terms[id];
    const char *name = term->name ? term->name->text : "";
    switch (term->kind) {
    case TERM_INT: buf_printf(out, "%lld", (long long)term->imm); break;
    case TERM_NULL: buf_text(out, "null"); break;
    case TERM_PARAM: buf_printf(out, "arg%lld", (long long)term->imm); break;
    case TERM_GLOBAL:
    case TERM_FN: buf_printf(out, "&%s", name); break;
    case TERM_LOCAL: buf_printf(out, "&local%lld", (long long)term->imm); break;
    case TERM_STRING: buf_text(out, "string"); break;
    case TERM_INIT:
        if (term->a < summary->nterm && summary->terms[term->a].kind == TERM_GLOBAL) {
            buf_text(out, summary->terms[term->a].name->text);
            break;
        }
        buf_text(out, "*");
        print_term(out, summary, term->a, depth + 1);
        break;
    case TERM_OFFSET:
    case TERM_INDEX: print_offset(out, summary, term, depth + 1); break;
    case TERM_CALC: print_calc(out, summary, term, depth + 1); break;
    case TERM_FRESH: buf_printf(out, "new%lld", (long long)term->imm); break;
    case TERM_PURE:
        buf_printf(out, "%s(", name);
        print_term(out, summary, term->a, depth + 1);
        if (term->b) buf_text(out, ", ");
        if (term->b) print_term(out, summary, term->b, depth + 1);
        buf_text(out, ")");
        break;
    case TERM_NONE:
    case TERM_COUNT: buf_text(out, "?"); break;
    }
}

static void print_classes(Buf *out, uint8_t classes)
{
    static const char *const words[CLASS_ANY + 1] = {
        "nothing",         "null",          "error pointer", "null or error pointer",
        "a valid pointer", "null or valid", "not null",      "anything",
    };
    buf_text(out, words[classes & CLASS_ANY]);
}

static void print_holes(Buf *out, Range range, const char *before)
{
    for (int k = 0; k < 64; k++) {
        if (!(range.holes >> k & 1)) continue;
        buf_printf(out, "%snot %d", before, RANGE_LOWEST_HOLE + k);
        before = ", ";
    }
    if (range.has_hole) buf_printf(out, "%snot %lld", before, (long long)range.hole);
    if (range.hole_end != range.hole)
        buf_printf(out, "..%lld", (long long)range.hole_end);
}

static void print_range(Buf *out, Range range)
{
    bool has_low = range.low != INT64_MIN, has_high = range.high != INT64_MAX;
    if (range.classes != CLASS_ANY || range_is_any(range)) {
        print_classes(out, range.classes);
        if (!has_low && !has_high && !range.has_hole && !range.holes) return;
        buf_text(out, " and ");
    }
    if (range.low == range.high)
        buf_printf(out, "%lld", (long long)range.low);
    else if (has_low && has_high)
        buf_printf(out, "%lld..%lld", (long long)range.low, (long long)range.high);
    else if (has_low)
        buf_printf(out, ">= %lld", (long long)range.low);
    else if (has_high)
        buf_printf(out, "<= %lld", (long long)range.high);
    print_holes(out, range, has_low || has_high ? ", " : "");
}

static void print_guards(Buf *out, const Summary *summary, const Guard *guards,
                         uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        buf_text(out, i ? " and " : " when ");
        print_term(out, summary, guards[i].term, 0);
        buf_text(out, " is ");
        print_range(out, guards[i].range);
    }
}

static void print_site(Buf *out, Site site)
{
    buf_printf(out, "%s", site.fn ? site.fn->text : "?");
    if (site.ins != NO_INS) buf_printf(out, "#%u", site.ins);
}

static const char *step_text(StepKind kind)
{
    switch (kind) {
    case STEP_NULL_CONST: return "null constant";
    case STEP_ZEROED: return "zeroed";
    case STEP_ALLOC: return "allocation";
    case STEP_RETURNS_NULL: return "call returns null";
    case STEP_RETURNS_ERROR: return "call returns an error pointer";
    case STEP_SETS_NULL: return "call sets null";
    case STEP_LEFT_UNSET: return "call leaves unset";
    case STEP_TEST_ERROR: return "test finds an error pointer";
    case STEP_TEST_NULL: return "tested null";
    case STEP_BRANCH: return "branch";
    case STEP_CALL: return "call";
    case STEP_DEREF: return "dereference";
    case STEP_PASSED: return "passed";
    case STEP_RETURN: return "return";
    case STEP_SENT: return "sent";
    case STEP_AMBIENT: return "ambient context read";
    case STEP_ROOT: return "root made";
    case STEP_GONE: return "gone";
    case STEP_STORED: return "stored";
    case STEP_HANDED: return "handed on";
    }
    return "?";
}

static void print_steps(Buf *out, const SiteStep *steps, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(out, "    %s", step_text(steps[i].kind));
        if (steps[i].kind == STEP_BRANCH)
            buf_text(out, steps[i].flag ? " taken" : " not taken");
        buf_text(out, " at ");
        print_site(out, steps[i].site);
        buf_text(out, "\n");
    }
}

static void print_posts(Buf *out, const Summary *summary, const Outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->neffect; i++) {
        const Effect *effect = &outcome->effects[i];
        buf_text(out, effect->kind == EFFECT_ZERO ? "    zeroes " : "    copies to ");
        print_term(out, summary, effect->to, 0);
        if (effect->from) buf_text(out, " from ");
        if (effect->from) print_term(out, summary, effect->from, 0);
        if (effect->size) buf_text(out, " bytes ");
        if (effect->size) print_term(out, summary, effect->size, 0);
        buf_text(out, "\n");
    }
    for (uint32_t i = 0; i < outcome->npost; i++) {
        const Post *post = &outcome->posts[i];
        buf_text(out, "    sets *");
        print_term(out, summary, post->address, 0);
        buf_text(out, " to ");
        print_term(out, summary, post->value, 0);
        if (!range_is_any(post->range)) {
            buf_text(out, ", ");
            print_range(out, post->range);
        }
        buf_text(out, "\n");
    }
    for (uint32_t i = 0; i < outcome->nunset; i++) {
        buf_text(out, "    leaves *");
        print_term(out, summary, outcome->unset[i], 0);
        buf_text(out, "\n");
    }
}

static const char *origin_text(NullOrigin origin)
{
    switch (origin) {
    case ORIGIN_NONE: return "";
    case ORIGIN_CONST: return " (constant)";
    case ORIGIN_ZEROED: return " (zeroed memory)";
    case ORIGIN_ALLOC: return " (allocation)";
    case ORIGIN_RETURN: return " (returned)";
    case ORIGIN_OUT: return " (out-parameter)";
    case ORIGIN_TESTED: return " (tested)";
    case ORIGIN_TESTED_MACRO: return " (tested in a macro)";
    case ORIGIN_TESTED_CALLEE: return " (tested in a callee)";
    case ORIGIN_DECLARED: return " (declared so)";
    }
    return "?";
}

static const char *nature_text(NullNature nature)
{
    switch (nature) {
    case NATURE_FAILURE: return "";
    case NATURE_OPTIONAL: return " optional";
    case NATURE_RARE: return " rare";
    }
    return "?";
}

static void print_outcome(Buf *out, const Summary *summary, const Outcome *outcome)
{
    buf_text(out, "  outcome");
    print_guards(out, summary, outcome->guards, outcome->nguard);
    if (outcome->result) {
        buf_text(out, " returns ");
        print_term(out, summary, outcome->result, 0);
        if (summary->terms[outcome->result].kind != TERM_NULL &&
            !range_is_any(outcome->result_range)) {
            buf_text(out, ", ");
            print_range(out, outcome->result_range);
        }
    }
    buf_printf(out, "%s%s\n", origin_text(outcome->origin), nature_text(outcome->nature));
    if (outcome->hollow) {
        buf_text(out, "    breaks its promise of *");
        print_term(out, summary, outcome->hollow, 0);
        buf_printf(out, ", as %s does\n", outcome->breach.fn->text);
    }
    print_posts(out, summary, outcome);
    print_steps(out, outcome->steps, outcome->nstep);
}

static void print_latent(Buf *out, const Summary *summary, const Latent *latent)
{
    static const char *const words[] = {[LATENT_DEREF] = "dereferences",
                                        [LATENT_NONNULL] = "needs non-null",
                                        [LATENT_CALL] = "calls"};
    buf_printf(out, "  %s %s ", latent->is_must ? "must" : "may", words[latent->kind]);
    if (latent->term)
        print_term(out, summary, latent->term, 0);
    else
        buf_text(out, "null");
    print_guards(out, summary, latent->guards, latent->nguard);
    buf_text(out, "\n");
    print_steps(out, latent->steps, latent->nstep);
}

static void print_invoke(Buf *out, const Summary *summary, const Invoke *invoke)
{
    buf_text(out, "  invokes ");
    print_term(out, summary, invoke->callee, 0);
    for (uint32_t i = 0; i < invoke->narg; i++) {
        buf_text(out, i ? ", " : "(");
        print_term(out, summary, invoke->args[i], 0);
    }
    buf_text(out, invoke->narg ? ")" : "()");
    print_guards(out, summary, invoke->guards, invoke->nguard);
    buf_text(out, " at ");
    print_site(out, invoke->site);
    buf_text(out, "\n");
}

void summary_print(Buf *out, const Summary *summary)
{
    static const struct {
        SummaryFlag flag;
        const char *text;
    } flags[] = {{SUMMARY_NORETURN, "noreturn"},
                 {SUMMARY_INCOMPLETE, "incomplete"},
                 {SUMMARY_CLOBBERS_GLOBALS, "clobbers globals"},
                 {SUMMARY_CLOBBERS_PARAMS, "clobbers parameters"},
                 {SUMMARY_MODEL, "model"},
                 {SUMMARY_RECURSIVE, "recursive"},
                 {SUMMARY_PRINTS, "prints"},
                 {SUMMARY_SCANS, "scans"}};
    buf_printf(out, "summary %s(%u)", summary->link_name->text, summary->nparam);
    for (uint32_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (summary->flags & flags[i].flag) buf_printf(out, ", %s", flags[i].text);
    buf_text(out, "\n");
    for (uint32_t i = 0; i < summary->noutcome; i++)
        print_outcome(out, summary, &summary->outcomes[i]);
    for (uint32_t i = 0; i < summary->nlatent; i++)
        print_latent(out, summary, &summary->latents[i]);
    for (uint32_t i = 0; i < summary->ninvoke; i++)
        print_invoke(out, summary, &summary->invokes[i]);
    for (uint32_t i = 0; i < summary->nclobber; i++) {
        buf_text(out, "  clobbers ");
        print_term(out, summary, summary->clobbers[i], 0);
        buf_text(out, "\n");
    }
}
