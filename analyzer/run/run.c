/* The conductor. Each function is the list of phases of one verb; phases.h says what each
 * needs and gives. */
#include "run/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "run/interrupt.h"
#include "run/phases.h"
#include "run/pool.h"
#include "run/propose.h"

void run_begin(Run *run, const RunOptions *options, Arena *arena, RunResult *result)
{
    *result = (RunResult){0};
    *run = (Run){.options = options,
                 .arena = arena,
                 .result = result,
                 .progress = progress_new(arena, options->progress, options->verbose),
                 .origin = "--"};
    if (options->heard)
        progress_listen(run->progress, options->heard, options->heard_data);
    buf_init(&run->dump, arena);
}

static double cpu_of(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

void run_end(Run *run, double start)
{
    RunStats *stats = &run->result->stats;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    stats->peak_kb = (uint64_t)usage.ru_maxrss;
    stats->cpu_seconds = cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN);
    stats->seconds = clock_seconds() - start;
}

static bool check_all(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    if (!phase_commands(run, err)) return false;
    if (!phase_question(run, err)) return false;
    if (!phase_find_base(run, err)) return false;
    if (!phase_models(run, err)) return false;
    if (!phase_extract(run, err)) return false;
    if (!phase_recall(run)) {
        if (!phase_read(run, err)) return false;
        phase_link(run);
        if (options->fixes) run->memory = check_memory_new(run->arena);
        if (options->dump != DUMP_IR) phase_judge(run);
        phase_contracts(run);
        if (!phase_fix(run, err)) return false;
        phase_remember(run);
    }
    if (options->dump) phase_dump(run);
    phase_finish(run);
    if (!phase_base(run, err)) return false;
    phase_why(run);
    return true;
}

bool run_check(const RunOptions *options, Arena *arena, RunResult *result, Err *err)
{
    Run run;
    Interrupt interrupt;
    double start = clock_seconds();
    run_begin(&run, options, arena, result);
    interrupt_begin(&interrupt, options->cache, options->progress);
    bool ok = check_all(&run, err);
    interrupt_end(&interrupt);
    if (ok) run_end(&run, start);
    return ok;
}

bool run_propose(const RunOptions *options, Arena *arena, RunResult *result, Buf *out,
                 Err *err)
{
    Run run;
    run_begin(&run, options, arena, result);
    if (!phase_commands(&run, err)) return false;
    if (!phase_models(&run, err) || !phase_packs(&run, err)) return false;
    if (!phase_extract(&run, err)) return false;
    if (!phase_read(&run, err)) return false;
    phase_link(&run);
    Proposal proposal = {.run = &run};
    propose_shapes(&proposal);
    propose_text(&proposal, out);
    phase_finish(&run);
    return true;
}

bool run_link(const RunOptions *options, const char *const *files, uint32_t nfile,
              Arena *arena, RunResult *result, Err *err)
{
    Run run;
    double start = clock_seconds();
    run_begin(&run, options, arena, result);
    if (!phase_models(&run, err)) return false;
    if (!phase_read_files(&run, files, nfile, err)) return false;
    phase_link(&run);
    if (options->fixes) run.memory = check_memory_new(arena);
    if (options->dump != DUMP_IR) phase_judge(&run);
    if (!phase_fix_facts(&run, err)) return false;
    if (options->dump) phase_dump(&run);
    phase_finish(&run);
    run_end(&run, start);
    return true;
}
