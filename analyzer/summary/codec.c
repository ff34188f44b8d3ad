/* Summaries as bytes, field by field in the order of the structs. */
#include "summary/codec.h"

static void put_range(BytesOut *out, const Range *range)
{
    bool is_any = range_is_any(*range);
    bytes_put_number(out, (uint64_t)range->classes << 2 | (uint64_t)range->has_hole << 1 |
                              (uint64_t)is_any);
    if (is_any) return;
    bytes_put_signed(out, range->low);
    bytes_put_signed(out, range->high);
    bytes_put_signed(out, range->hole);
    bytes_put_signed(out, range->hole_end);
    bytes_put_number(out, range->holes);
}

static void put_guards(BytesOut *out, const Guard *guards, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bytes_put_number(out, guards[i].term);
        put_range(out, &guards[i].range);
    }
}

void site_put(BytesOut *out, Site site)
{
    bytes_put_name(out, site.fn);
    bytes_put_number(out, (uint32_t)(site.ins + 1)); /* NO_INS is the shortest */
}

void site_steps_put(BytesOut *out, const SiteStep *steps, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bytes_put_number(out, (uint64_t)steps[i].kind << 1 | steps[i].flag);
        site_put(out, steps[i].site);
    }
}

static void put_terms(BytesOut *out, const SummaryTerm *terms, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bytes_put_number(out, terms[i].kind);
        bytes_put_number(out, (uint64_t)terms[i].calc << 2 |
                                  (uint64_t)terms[i].is_outside << 1 |
                                  terms[i].is_unsigned);
        bytes_put_number(out, terms[i].a);
        bytes_put_number(out, terms[i].b);
        bytes_put_signed(out, terms[i].imm);
        bytes_put_name(out, terms[i].name);
    }
}

static void put_ids(BytesOut *out, const TermId *ids, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++)
        bytes_put_number(out, ids[i]);
}

static void put_type(BytesOut *out, Type type)
{
    bytes_put_number(out, (uint64_t)type.kind << 3 | (uint64_t)type.is_signed << 2 |
                              (uint64_t)type.to_const << 1 | (uint64_t)type.to_function);
    bytes_put_number(out, type.size);
}

static void put_posts(BytesOut *out, const Post *posts, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bytes_put_number(out, posts[i].address);
        bytes_put_number(out, posts[i].value);
        put_range(out, &posts[i].range);
        put_type(out, posts[i].type);
        site_steps_put(out, &posts[i].birth, posts[i].birth.site.fn ? 1 : 0);
    }
}

static void put_effects(BytesOut *out, const Effect *effects, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        bytes_put_number(out, effects[i].kind);
        bytes_put_number(out, effects[i].to);
        bytes_put_number(out, effects[i].from);
        bytes_put_number(out, effects[i].size);
    }
}

void breach_put(BytesOut *out, const Breach *breach)
{
    bytes_put_name(out, breach->fn);
    if (!breach->fn) return;
    bytes_put_number(out, breach->param);
    bytes_put_signed(out, breach->status);
    bytes_put_number(out, breach->is_memory);
}

static void put_mark(BytesOut *out, const RequestMark *mark)
{
    bytes_put_number(out, mark->value);
    bytes_put_number(out, mark->attached);
    bytes_put_number(out, mark->from);
    bytes_put_number(out, mark->yes);
    bytes_put_number(out, mark->maybe);
    bytes_put_number(out, mark->lost);
    bytes_put_number(out, mark->flags);
    bytes_put_number(out, mark->origin);
    bytes_put_name(out, mark->text);
}

static void put_need(BytesOut *out, const Need *need)
{
    bytes_put_number(out, (uint64_t)need->kind << 1 | need->cannot_carry);
    bytes_put_number(out, need->carrier);
    bytes_put_number(out, need->keys);
    bytes_put_number(out, need->flags);
    bytes_put_name(out, need->name);
    bytes_put_name(out, need->via);
    site_steps_put(out, need->steps, need->nstep);
    bytes_put_number(out, need->nmore);
}

static void put_outcome(BytesOut *out, const Outcome *outcome)
{
    put_guards(out, outcome->guards, outcome->nguard);
    bytes_put_number(out, outcome->result);
    put_range(out, &outcome->result_range);
    bytes_put_number(out, outcome->origin);
    put_effects(out, outcome->effects, outcome->neffect);
    put_posts(out, outcome->posts, outcome->npost);
    site_steps_put(out, outcome->steps, outcome->nstep);
    bytes_put_number(out, outcome->nature);
    bytes_put_number(out, (uint64_t)outcome->is_murky << 2 |
                              (uint64_t)outcome->is_hidden << 1 | outcome->is_failure);
    put_ids(out, outcome->unset, outcome->nunset);
    bytes_put_number(out, outcome->hollow);
    breach_put(out, &outcome->breach);
    bytes_put_number(out, outcome->nmark);
    for (uint32_t i = 0; i < outcome->nmark; i++)
        put_mark(out, &outcome->marks[i]);
}

static void put_latent(BytesOut *out, const Latent *latent)
{
    bytes_put_number(out, latent->kind);
    put_guards(out, latent->guards, latent->nguard);
    bytes_put_number(out, latent->term);
    site_steps_put(out, latent->steps, latent->nstep);
    bytes_put_number(out, (uint64_t)latent->is_free << 2 |
                              (uint64_t)latent->is_must << 1 | latent->is_relayed);
}

static void put_invoke(BytesOut *out, const Invoke *invoke)
{
    bytes_put_number(out, invoke->callee);
    put_ids(out, invoke->args, invoke->narg);
    put_guards(out, invoke->guards, invoke->nguard);
    site_put(out, invoke->site);
}

void summary_put(BytesOut *out, const Summary *summary)
{
    bytes_put_name(out, summary->link_name);
    bytes_put_number(out, summary->flags);
    bytes_put_number(out, summary->nparam);
    put_terms(out, summary->terms, summary->nterm);
    bytes_put_number(out, summary->noutcome);
    for (uint32_t i = 0; i < summary->noutcome; i++)
        put_outcome(out, &summary->outcomes[i]);
    bytes_put_number(out, summary->nlatent);
    for (uint32_t i = 0; i < summary->nlatent; i++)
        put_latent(out, &summary->latents[i]);
    bytes_put_number(out, summary->ninvoke);
    for (uint32_t i = 0; i < summary->ninvoke; i++)
        put_invoke(out, &summary->invokes[i]);
    put_ids(out, summary->clobbers, summary->nclobber);
    bytes_put_number(out, summary->nneed);
    for (uint32_t i = 0; i < summary->nneed; i++)
        put_need(out, &summary->needs[i]);
}

Hash summary_hash(const Summary *summary, Arena *scratch)
{
    if (!summary) return (Hash){0};
    ArenaMark mark = arena_mark(scratch);
    BytesOut out;
    bytes_begin(&out, scratch);
    summary_put(&out, summary);
    Hash hash = bytes_hash(&out);
    arena_reset(scratch, mark);
    return hash;
}
