/*
 * Summaries out of bytes, the inverse of codec.c. What is read is used by the engine without
 * another look, so all that it relies on is checked here: kinds, places in tables, operands
 * that stand before their users.
 */
#include "summary/codec.h"

static const char MAGIC[8] = {'S', 'L', 'U', 'S', 'U', 'M', 0, 1};

enum {
    MOST_PARAMS = 1 << 16,
    SMALLEST_SUMMARY = 8,
    SMALLEST_TERM = 6,
    SMALLEST_GUARD = 2,
    SMALLEST_STEP = 3,
    SMALLEST_POST = 6,
    SMALLEST_EFFECT = 4,
    SMALLEST_OUTCOME = 12,
    SMALLEST_LATENT = 5,
    SMALLEST_INVOKE = 5,
    SMALLEST_MARK = 9,
    SMALLEST_NEED = 8
};

/* One summary at work. */
typedef struct Decode {
    BytesIn *in;
    Summary *summary;
} Decode;

static bool is_set(uint64_t bits, uint64_t bit)
{
    return (bits & bit) != 0;
}

static Range get_range(BytesIn *in)
{
    uint64_t head = bytes_get_number(in, (uint64_t)CLASS_ANY << 2 | 3);
    if (is_set(head, 1)) return range_any;
    Range range = {.classes = (uint8_t)(head >> 2), .has_hole = is_set(head, 2)};
    range.low = bytes_get_signed(in);
    range.high = bytes_get_signed(in);
    range.hole = bytes_get_signed(in);
    range.hole_end = bytes_get_signed(in);
    range.holes = bytes_get_number(in, UINT64_MAX);
    return range;
}

static TermId get_term(const Decode *decode)
{
    uint32_t n = decode->summary->nterm;
    return (TermId)bytes_get_number(decode->in, n ? n - 1 : 0);
}

static Guard *get_guards(const Decode *decode, uint32_t *n)
{
    *n = bytes_get_count(decode->in, SMALLEST_GUARD);
    Guard *guards = ARENA_ARRAY(decode->in->arena, Guard, *n);
    for (uint32_t i = 0; i < *n; i++) {
        guards[i].term = get_term(decode);
        guards[i].range = get_range(decode->in);
    }
    return guards;
}

Site site_get(BytesIn *in)
{
    Site site = {.fn = bytes_get_name(in)};
    site.ins = (uint32_t)bytes_get_number(in, UINT32_MAX) - 1;
    return site;
}

SiteStep *site_steps_get(BytesIn *in, uint32_t *n)
{
    *n = bytes_get_count(in, SMALLEST_STEP);
    SiteStep *steps = ARENA_ARRAY(in->arena, SiteStep, *n);
    for (uint32_t i = 0; i < *n; i++) {
        uint64_t head = bytes_get_number(in, (uint64_t)STEP_HANDED << 1 | 1);
        steps[i].kind = (StepKind)(head >> 1);
        steps[i].flag = is_set(head, 1);
        steps[i].site = site_get(in);
    }
    return steps;
}

static bool has_operands(const SummaryTerm *term)
{
    TermKind kind = term->kind;
    if (kind == TERM_INIT || kind == TERM_OFFSET || kind == TERM_INDEX ||
        kind == TERM_CALC)
        return term->a != 0;
    bool is_named = kind == TERM_GLOBAL || kind == TERM_FN || kind == TERM_PURE;
    return !is_named || term->name;
}

static void get_terms(Decode *decode)
{
    BytesIn *in = decode->in;
    uint32_t n = bytes_get_count(in, SMALLEST_TERM);
    SummaryTerm *terms = ARENA_ARRAY(in->arena, SummaryTerm, n);
    for (uint32_t i = 0; i < n && !in->is_damaged; i++) {
        uint32_t last = i ? i - 1 : 0;
        terms[i].kind = (TermKind)bytes_get_number(in, TERM_COUNT - 1);
        uint64_t calc = bytes_get_number(in, (uint64_t)(CALC_COUNT - 1) << 2 | 3);
        terms[i].calc = (Calc)(calc >> 2);
        terms[i].is_outside = is_set(calc, 2);
        terms[i].is_unsigned = is_set(calc, 1);
        terms[i].a = (TermId)bytes_get_number(in, last);
        terms[i].b = (TermId)bytes_get_number(in, last);
        terms[i].imm = bytes_get_signed(in);
        terms[i].name = bytes_get_name(in);
        if (!has_operands(&terms[i]) || (!i && terms[i].kind != TERM_NONE))
            in->is_damaged = true;
    }
    decode->summary->terms = terms;
    decode->summary->nterm = in->is_damaged ? 0 : n;
}

static TermId *get_ids(const Decode *decode, uint32_t *n)
{
    *n = bytes_get_count(decode->in, 1);
    TermId *ids = ARENA_ARRAY(decode->in->arena, TermId, *n);
    for (uint32_t i = 0; i < *n; i++)
        ids[i] = get_term(decode);
    return ids;
}

static Type get_type(BytesIn *in)
{
    uint64_t head = bytes_get_number(in, (uint64_t)TYPE_AGGREGATE << 3 | 7);
    return (Type){.kind = (TypeKind)(head >> 3),
                  .is_signed = is_set(head, 4),
                  .to_const = is_set(head, 2),
                  .to_function = is_set(head, 1),
                  .size = (uint32_t)bytes_get_number(in, UINT32_MAX)};
}

static void get_posts(const Decode *decode, Outcome *outcome)
{
    BytesIn *in = decode->in;
    outcome->npost = bytes_get_count(in, SMALLEST_POST);
    outcome->posts = ARENA_ARRAY(in->arena, Post, outcome->npost);
    for (uint32_t i = 0; i < outcome->npost; i++) {
        Post *post = &outcome->posts[i];
        post->address = get_term(decode);
        post->value = get_term(decode);
        post->range = get_range(in);
        post->type = get_type(in);
        uint32_t nbirth;
        const SiteStep *birth = site_steps_get(in, &nbirth);
        if (nbirth > 1 || (nbirth && !birth->site.fn)) in->is_damaged = true;
        if (nbirth) post->birth = *birth;
    }
}

static void get_effects(const Decode *decode, Outcome *outcome)
{
    BytesIn *in = decode->in;
    outcome->neffect = bytes_get_count(in, SMALLEST_EFFECT);
    outcome->effects = ARENA_ARRAY(in->arena, Effect, outcome->neffect);
    for (uint32_t i = 0; i < outcome->neffect; i++) {
        Effect *effect = &outcome->effects[i];
        effect->kind = (EffectKind)bytes_get_number(in, EFFECT_COPY);
        effect->to = get_term(decode);
        effect->from = get_term(decode);
        effect->size = get_term(decode);
    }
}

Breach breach_get(BytesIn *in)
{
    Breach breach = {.fn = bytes_get_name(in)};
    if (!breach.fn) return breach;
    breach.param = (uint32_t)bytes_get_number(in, MOST_PARAMS);
    breach.status = bytes_get_signed(in);
    breach.is_memory = bytes_get_number(in, 1) != 0;
    return breach;
}

static uint32_t get_word(BytesIn *in)
{
    return (uint32_t)bytes_get_number(in, UINT32_MAX);
}

static void get_marks(const Decode *decode, Outcome *outcome)
{
    BytesIn *in = decode->in;
    outcome->nmark = bytes_get_count(in, SMALLEST_MARK);
    outcome->marks = ARENA_ARRAY(in->arena, RequestMark, outcome->nmark);
    for (uint32_t i = 0; i < outcome->nmark; i++) {
        RequestMark *mark = &outcome->marks[i];
        mark->value = get_term(decode);
        mark->attached = get_term(decode);
        mark->from = get_term(decode);
        mark->yes = get_word(in);
        mark->maybe = get_word(in);
        mark->lost = get_word(in);
        mark->flags = get_word(in);
        mark->origin = (MarkOrigin)bytes_get_number(in, MARK_AMBIENT);
        mark->text = bytes_get_name(in);
    }
}

static void get_need(const Decode *decode, Need *need)
{
    BytesIn *in = decode->in;
    uint64_t head = bytes_get_number(in, (uint64_t)(NEED_COUNT - 1) << 1 | 1);
    need->kind = (NeedKind)(head >> 1);
    need->cannot_carry = is_set(head, 1);
    need->carrier = get_term(decode);
    need->keys = get_word(in);
    need->flags = get_word(in);
    need->name = bytes_get_name(in);
    need->via = bytes_get_name(in);
    need->steps = site_steps_get(in, &need->nstep);
    need->nmore = get_word(in);
}

static void get_outcome(const Decode *decode, Outcome *outcome)
{
    BytesIn *in = decode->in;
    outcome->guards = get_guards(decode, &outcome->nguard);
    outcome->result = get_term(decode);
    outcome->result_range = get_range(in);
    outcome->origin = (NullOrigin)bytes_get_number(in, ORIGIN_DECLARED);
    get_effects(decode, outcome);
    get_posts(decode, outcome);
    outcome->steps = site_steps_get(in, &outcome->nstep);
    outcome->nature = (NullNature)bytes_get_number(in, NATURE_RARE);
    uint64_t flags = bytes_get_number(in, 7);
    outcome->is_murky = is_set(flags, 4);
    outcome->is_hidden = is_set(flags, 2);
    outcome->is_failure = is_set(flags, 1);
    outcome->unset = get_ids(decode, &outcome->nunset);
    outcome->hollow = get_term(decode);
    outcome->breach = breach_get(in);
    get_marks(decode, outcome);
    if (outcome->hollow && !outcome->breach.fn) in->is_damaged = true;
}

static void get_latent(const Decode *decode, Latent *latent)
{
    latent->kind = (LatentKind)bytes_get_number(decode->in, LATENT_CALL);
    latent->guards = get_guards(decode, &latent->nguard);
    latent->term = get_term(decode);
    latent->steps = site_steps_get(decode->in, &latent->nstep);
    uint64_t flags = bytes_get_number(decode->in, 7);
    latent->is_free = is_set(flags, 4);
    latent->is_must = is_set(flags, 2);
    latent->is_relayed = is_set(flags, 1);
}

static void get_invoke(const Decode *decode, Invoke *invoke)
{
    invoke->callee = get_term(decode);
    invoke->args = get_ids(decode, &invoke->narg);
    invoke->guards = get_guards(decode, &invoke->nguard);
    invoke->site = site_get(decode->in);
    if (!invoke->site.fn) decode->in->is_damaged = true;
}

Summary *summary_get(BytesIn *in)
{
    enum { FLAGS = SUMMARY_RECURSIVE * 2 - 1 };
    Summary *summary = ARENA_NEW(in->arena, Summary);
    Decode decode = {in, summary};
    summary->link_name = bytes_get_name(in);
    summary->flags = (uint32_t)bytes_get_number(in, FLAGS);
    summary->nparam = (uint32_t)bytes_get_number(in, MOST_PARAMS);
    get_terms(&decode);
    summary->noutcome = bytes_get_count(in, SMALLEST_OUTCOME);
    summary->outcomes = ARENA_ARRAY(in->arena, Outcome, summary->noutcome);
    for (uint32_t i = 0; i < summary->noutcome && !in->is_damaged; i++)
        get_outcome(&decode, &summary->outcomes[i]);
    summary->nlatent = bytes_get_count(in, SMALLEST_LATENT);
    summary->latents = ARENA_ARRAY(in->arena, Latent, summary->nlatent);
    for (uint32_t i = 0; i < summary->nlatent && !in->is_damaged; i++)
        get_latent(&decode, &summary->latents[i]);
    summary->ninvoke = bytes_get_count(in, SMALLEST_INVOKE);
    summary->invokes = ARENA_ARRAY(in->arena, Invoke, summary->ninvoke);
    for (uint32_t i = 0; i < summary->ninvoke && !in->is_damaged; i++)
        get_invoke(&decode, &summary->invokes[i]);
    summary->clobbers = get_ids(&decode, &summary->nclobber);
    summary->nneed = bytes_get_count(in, SMALLEST_NEED);
    summary->needs = ARENA_ARRAY(in->arena, Need, summary->nneed);
    for (uint32_t i = 0; i < summary->nneed && !in->is_damaged; i++)
        get_need(&decode, &summary->needs[i]);
    if (!summary->link_name) in->is_damaged = true;
    return summary;
}

void summaries_write(Buf *out, Hash stamp, const Summary *const *all, uint32_t n,
                     Arena *scratch)
{
    BytesOut bytes;
    bytes_begin(&bytes, scratch);
    bytes_put_hash(&bytes, stamp);
    bytes_put_number(&bytes, n);
    for (uint32_t i = 0; i < n; i++)
        summary_put(&bytes, all[i]);
    bytes_end(&bytes, MAGIC, out);
}

bool summaries_read(const char *bytes, size_t len, Names *names, Arena *arena,
                    SummaryFile *file, Err *err)
{
    BytesIn in;
    *file = (SummaryFile){0};
    if (!bytes_open(&in, bytes, len, MAGIC, names, arena))
        return err_set(err, ERR_CACHE,
                       "these are no summaries of this version, or they are damaged");
    file->stamp = bytes_get_hash(&in);
    uint32_t n = bytes_get_count(&in, SMALLEST_SUMMARY);
    file->at = ARENA_ARRAY(arena, Summary *, n);
    for (uint32_t i = 0; i < n && !in.is_damaged; i++)
        file->at[i] = summary_get(&in);
    file->n = n;
    if (bytes_close(&in)) return true;
    *file = (SummaryFile){0};
    return err_set(err, ERR_CACHE, "these summaries are damaged");
}
