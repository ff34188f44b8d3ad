/*
 * Evidence and candidates as bytes, field by field in the order of the structs, and back.
 * Evidence has a file of its own beside the summaries': it is merged over a whole program,
 * they are needed callee by callee.
 */
#include "flow/codec.h"

#include "summary/codec.h"

static const char MAGIC[8] = {'S', 'L', 'U', 'E', 'V', 'I', 0, 1};

enum { SMALLEST_EVIDENCE = 11, SMALLEST_CANDIDATE = 19 };

static void put_slot(BytesOut *out, Slot slot)
{
    bytes_put_number(out, slot.kind);
    bytes_put_number(out, slot.number);
    bytes_put_name(out, slot.name);
}

static Slot get_slot(BytesIn *in)
{
    Slot slot = {.kind = (SlotKind)bytes_get_number(in, SLOT_COUNT - 1)};
    slot.number = (uint32_t)bytes_get_number(in, UINT32_MAX);
    slot.name = bytes_get_name(in);
    return slot;
}

static uint32_t get_word(BytesIn *in)
{
    return (uint32_t)bytes_get_number(in, UINT32_MAX);
}

void evidence_put(BytesOut *out, const Evidence *evidence, uint32_t n)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        const Evidence *one = &evidence[i];
        bytes_put_number(out, one->kind);
        bytes_put_number(out, one->flags);
        put_slot(out, one->slot);
        site_put(out, one->site);
        bytes_put_number(out, (uint32_t)(one->use + 1)); /* NO_INS is the shortest */
        bytes_put_number(out, one->what);
        bytes_put_number(out, one->place);
        bytes_put_name(out, one->reached);
    }
}

Evidence *evidence_get(BytesIn *in, uint32_t *n)
{
    *n = bytes_get_count(in, SMALLEST_EVIDENCE);
    Evidence *evidence = ARENA_ARRAY(in->arena, Evidence, *n);
    for (uint32_t i = 0; i < *n && !in->is_damaged; i++) {
        Evidence *one = &evidence[i];
        one->kind = (EvidenceKind)bytes_get_number(in, EVIDENCE_COUNT - 1);
        one->flags = get_word(in);
        one->slot = get_slot(in);
        one->site = site_get(in);
        one->use = get_word(in) - 1;
        one->what = get_word(in);
        one->place = get_word(in);
        one->reached = bytes_get_name(in);
        if (!one->slot.name || !one->site.fn) in->is_damaged = true;
    }
    return evidence;
}

/* What is a text and what a name in it does not matter here: all become names. */
static void put_text(BytesOut *out, const char *text, Names *names)
{
    bytes_put_name(out, text ? name_of(names, text) : NULL);
}

static const char *get_text(BytesIn *in)
{
    const Name *name = bytes_get_name(in);
    return name ? name->text : NULL;
}

static void put_fault(BytesOut *out, const Fault *fault, Names *names)
{
    bytes_put_number(out, fault != NULL);
    if (!fault) return;
    bytes_put_number(out, fault->kind);
    bytes_put_number(out, fault->flags);
    site_put(out, fault->site);
    put_text(out, fault->context, names);
    put_text(out, fault->came, names);
    put_text(out, fault->given, names);
    bytes_put_name(out, fault->callee);
    bytes_put_number(out, fault->arg);
    put_text(out, fault->missing, names);
    put_text(out, fault->present, names);
    put_text(out, fault->fix, names);
    put_text(out, fault->chain, names);
    put_text(out, fault->edit, names);
    bytes_put_number(out, fault->nmore);
    site_steps_put(out, fault->steps, fault->nstep);
}

static const Fault *get_fault(BytesIn *in)
{
    if (!bytes_get_number(in, 1)) return NULL;
    Fault *fault = ARENA_NEW(in->arena, Fault);
    fault->kind = (FaultKind)bytes_get_number(in, FAULT_FORBIDDEN);
    fault->flags = get_word(in);
    fault->site = site_get(in);
    fault->context = get_text(in);
    fault->came = get_text(in);
    fault->given = get_text(in);
    fault->callee = bytes_get_name(in);
    fault->arg = get_word(in);
    fault->missing = get_text(in);
    fault->present = get_text(in);
    fault->fix = get_text(in);
    fault->chain = get_text(in);
    fault->edit = get_text(in);
    fault->nmore = get_word(in);
    fault->steps = site_steps_get(in, &fault->nstep);
    return fault;
}

void candidates_put(BytesOut *out, const Candidate *candidates, uint32_t n, Names *names)
{
    bytes_put_number(out, n);
    for (uint32_t i = 0; i < n; i++) {
        const Candidate *one = &candidates[i];
        bytes_put_number(out, one->kind);
        bytes_put_number(out, one->origin);
        bytes_put_number(out, one->flags);
        bytes_put_number(out, one->block);
        bytes_put_number(out, one->ins);
        put_text(out, one->what, names);
        bytes_put_number(out, one->nature);
        bytes_put_name(out, one->callee);
        bytes_put_name(out, one->target);
        bytes_put_number(out, (uint32_t)(one->param + 1)); /* UINT32_MAX: none */
        breach_put(out, &one->breach);
        bytes_put_number(out, one->tested_param);
        put_slot(out, one->slot);
        site_put(out, one->source);
        site_steps_put(out, one->steps, one->nstep);
        put_fault(out, one->fault, names);
    }
}

Candidate *candidates_get(BytesIn *in, uint32_t *n)
{
    *n = bytes_get_count(in, SMALLEST_CANDIDATE);
    Candidate *candidates = ARENA_ARRAY(in->arena, Candidate, *n);
    for (uint32_t i = 0; i < *n && !in->is_damaged; i++) {
        Candidate *one = &candidates[i];
        one->kind = (CandidateKind)bytes_get_number(in, CANDIDATE_REQUEST);
        one->origin = (NullOrigin)bytes_get_number(in, ORIGIN_DECLARED);
        one->flags = get_word(in);
        one->block = get_word(in);
        one->ins = get_word(in);
        one->what = get_text(in);
        one->nature = (NullNature)bytes_get_number(in, NATURE_RARE);
        one->callee = bytes_get_name(in);
        one->target = bytes_get_name(in);
        one->param = get_word(in) - 1;
        one->breach = breach_get(in);
        one->tested_param = get_word(in);
        one->slot = get_slot(in);
        one->source = site_get(in);
        one->steps = site_steps_get(in, &one->nstep);
        one->fault = get_fault(in);
        if ((one->kind == CANDIDATE_REQUEST) != (one->fault != NULL))
            in->is_damaged = true;
    }
    return candidates;
}

void evidence_write(Buf *out, Hash stamp, const EvidenceList *all, uint32_t n,
                    Arena *scratch)
{
    BytesOut bytes;
    bytes_begin(&bytes, scratch);
    bytes_put_hash(&bytes, stamp);
    bytes_put_number(&bytes, n);
    for (uint32_t i = 0; i < n; i++)
        evidence_put(&bytes, all[i].at, all[i].n);
    bytes_end(&bytes, MAGIC, out);
}

bool evidence_read(const char *bytes, size_t len, Names *names, Arena *arena,
                   EvidenceFile *file, Err *err)
{
    BytesIn in;
    *file = (EvidenceFile){0};
    if (!bytes_open(&in, bytes, len, MAGIC, names, arena))
        return err_set(err, ERR_CACHE,
                       "this is no evidence of this version, or it is damaged");
    file->stamp = bytes_get_hash(&in);
    uint32_t n = bytes_get_count(&in, 1);
    file->at = ARENA_ARRAY(arena, EvidenceList, n);
    for (uint32_t i = 0; i < n && !in.is_damaged; i++)
        file->at[i].at = evidence_get(&in, &file->at[i].n);
    file->n = n;
    if (bytes_close(&in)) return true;
    *file = (EvidenceFile){0};
    return err_set(err, ERR_CACHE, "this evidence is damaged");
}
