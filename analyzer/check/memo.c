/* Remembered runs: a table by key, and its three files. */
#include "check/memo.h"

#include "flow/codec.h"
#include "summary/codec.h"

static const char MAGIC[8] = {'S', 'L', 'U', 'R', 'U', 'N', 0, 1};

enum { SMALLEST_RUN = 20, SMALLEST_READ = 18 };

struct Memo {
    Arena *arena;
    VEC(MemoRun) runs; /* from 1 */
    Map by_key;        /* low word of the key -> first run */
    bool is_new, is_frozen;
    Buf files[MEMO_FILES]; /* once written */
};

static void add(Memo *memo, MemoRun run)
{
    uint32_t at = memo->runs.n;
    uint64_t *first = map_put(&memo->by_key, run.key.low, at, NULL);
    run.next = 0;
    vec_push(memo->arena, &memo->runs, run);
    if (*first == at) return;
    uint32_t last = (uint32_t)*first;
    while (memo->runs.at[last].next)
        last = memo->runs.at[last].next;
    memo->runs.at[last].next = at;
}

static MemoRun get_run(BytesIn *in)
{
    MemoRun run = {.key = bytes_get_hash(in)};
    run.nread = bytes_get_count(in, SMALLEST_READ);
    run.reads = ARENA_ARRAY(in->arena, MemoRead, run.nread);
    for (uint32_t i = 0; i < run.nread && !in->is_damaged; i++) {
        run.reads[i].ask = (MemoAsk)bytes_get_number(in, MEMO_GLOBAL);
        run.reads[i].name = bytes_get_name(in);
        run.reads[i].answer = bytes_get_hash(in);
        if (!run.reads[i].name) in->is_damaged = true;
    }
    run.result.nstep_used = (uint32_t)bytes_get_number(in, UINT32_MAX);
    run.result.nunreached = (uint32_t)bytes_get_number(in, UINT32_MAX);
    run.result.is_exhausted = bytes_get_number(in, 1) != 0;
    run.result.candidates = candidates_get(in, &run.result.ncandidate);
    return run;
}

/* False: something is wrong with one of them, or they do not belong together. */
static bool read_files(Memo *memo, const char *const files[MEMO_FILES],
                       const size_t lens[MEMO_FILES], Names *names)
{
    BytesIn in;
    SummaryFile summaries;
    EvidenceFile evidence;
    if (!bytes_open(&in, files[0], lens[0], MAGIC, names, memo->arena)) return false;
    if (!summaries_read(files[1], lens[1], names, memo->arena, &summaries, NULL) ||
        !evidence_read(files[2], lens[2], names, memo->arena, &evidence, NULL))
        return false;
    Hash stamp = hash_bytes(files[0], lens[0]);
    uint32_t n = bytes_get_count(&in, SMALLEST_RUN);
    if (hash_compare(stamp, summaries.stamp) != 0 || summaries.n != n ||
        hash_compare(stamp, evidence.stamp) != 0 || evidence.n != n)
        return false;
    MemoRun *runs = ARENA_ARRAY(memo->arena, MemoRun, n);
    for (uint32_t i = 0; i < n && !in.is_damaged; i++) {
        runs[i] = get_run(&in);
        runs[i].result.summary = summaries.at[i];
        runs[i].result.evidence = evidence.at[i].at;
        runs[i].result.nevidence = evidence.at[i].n;
    }
    if (!bytes_close(&in)) return false;
    for (uint32_t i = 0; i < n; i++)
        add(memo, runs[i]);
    return true;
}

Memo *memo_read(const char *const files[MEMO_FILES], const size_t lens[MEMO_FILES],
                Names *names, Arena *arena)
{
    Memo *memo = ARENA_NEW(arena, Memo);
    memo->arena = arena;
    map_init(&memo->by_key, arena);
    vec_push(arena, &memo->runs, (MemoRun){0});
    memo->is_new = !read_files(memo, files, lens, names);
    return memo;
}

uint32_t memo_first(const Memo *memo, Hash key)
{
    const uint64_t *first = map_get(&memo->by_key, key.low);
    return first ? (uint32_t)*first : 0;
}

MemoRun *memo_run(const Memo *memo, uint32_t at)
{
    return &memo->runs.at[at];
}

void memo_add(Memo *memo, MemoRun run)
{
    run.is_current = true;
    memo->is_new = true;
    add(memo, run);
}

void memo_freeze(Memo *memo)
{
    memo->is_frozen = true;
}

const Buf *memo_files(const Memo *memo)
{
    return memo->files[0].at && !memo->is_frozen ? memo->files : NULL;
}

static void put_run(BytesOut *out, const MemoRun *run, Names *names)
{
    bytes_put_hash(out, run->key);
    bytes_put_number(out, run->nread);
    for (uint32_t i = 0; i < run->nread; i++) {
        bytes_put_number(out, run->reads[i].ask);
        bytes_put_name(out, run->reads[i].name);
        bytes_put_hash(out, run->reads[i].answer);
    }
    bytes_put_number(out, run->result.nstep_used);
    bytes_put_number(out, run->result.nunreached);
    bytes_put_number(out, run->result.is_exhausted);
    candidates_put(out, run->result.candidates, run->result.ncandidate, names);
}

void memo_write(Memo *memo, Names *names, Arena *scratch)
{
    if (!memo->is_new || memo->is_frozen) return;
    for (int i = 0; i < MEMO_FILES; i++)
        buf_init(&memo->files[i], memo->arena);
    const Summary **summaries = ARENA_ARRAY(scratch, const Summary *, memo->runs.n);
    EvidenceList *evidence = ARENA_ARRAY(scratch, EvidenceList, memo->runs.n);
    BytesOut bytes;
    uint32_t n = 0;
    for (uint32_t i = 1; i < memo->runs.n; i++) {
        const MemoRun *run = &memo->runs.at[i];
        if (!run->is_current) continue;
        summaries[n] = run->result.summary;
        evidence[n++] = (EvidenceList){run->result.evidence, run->result.nevidence};
    }
    bytes_begin(&bytes, scratch);
    bytes_put_number(&bytes, n);
    for (uint32_t i = 1; i < memo->runs.n; i++)
        if (memo->runs.at[i].is_current) put_run(&bytes, &memo->runs.at[i], names);
    bytes_end(&bytes, MAGIC, &memo->files[0]);
    Hash stamp = hash_bytes(memo->files[0].at, memo->files[0].n);
    summaries_write(&memo->files[1], stamp, summaries, n, scratch);
    evidence_write(&memo->files[2], stamp, evidence, n, scratch);
}
