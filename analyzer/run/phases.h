#ifndef RUN_PHASES_H
#define RUN_PHASES_H

#include "cache/cache.h"
#include "context/context.h"
#include "contract/contract.h"
#include "finding/statement.h"
#include "frontend/frontend.h"
#include "ir/codec.h"
#include "program/program.h"
#include "run/git.h"
#include "run/progress.h"
#include "run/run.h"
#include "summary/model.h"

/* The phases of a run, in the order they are called; run.c is the table of contents. */

/* One TU on its way from a command to a fact. */
typedef struct Tu {
    const Command *command;
    const char *path; /* relative to the root when below it */
    Hash key;         /* in the cache; all zero: none */
    Hash content;     /* of the fact's bytes */
    const char *fact; /* NULL: still in the cache */
    size_t len;
    const CacheDep *deps;
    uint32_t ndep;
} Tu;

/* What the engine said of one function. */
typedef struct RunSeen {
    const ProgramFn *fn;
    const FlowResult *result;
    VEC(ContractTold) told;
} RunSeen;

typedef struct Run {
    const RunOptions *options;
    Arena *arena;
    RunResult *result;
    Progress *progress;
    const char *root;
    const char *origin; /* of the commands, for messages: "build/compile_commands.json" */
    CommandList commands;
    Names *names;
    Models models;
    ContextModel context;
    Cache *cache; /* NULL: none, or none that works */
    Tu *tus;
    uint32_t ntu;
    VEC(Fact) facts; /* by path, then content; equal ones once */
    Program *program;
    const char **below; /* RunOptions.paths, relative to the root */
    uint32_t nbelow;
    Buf dump;
    const char *why_path;   /* RunOptions.why_file, relative to the root */
    GitChanges base;        /* against RunOptions.base */
    VEC(RunSeen) seen;      /* when contracts are wanted, or in a session */
    bool is_session;        /* the memo is kept for the next round */
    Memo *memo;             /* of a session, once it has judged */
    Source *source;         /* of phase_finish; before it in a session: of the base */
    Statements *statements; /* of a session: of all its rounds */
    const Map *commented;   /* names of main files whose text on the disk may speak to us;
                             NULL: any of them may */
    const FileBuffer *buffers; /* in place of files on the disk */
    uint32_t nbuffer;
    /* When fixes are wanted. */
    CheckMemory *memory;         /* of this program */
    const CheckMemory *recalled; /* of the program without the fixes on trial, or NULL */
    Map reached; /* fix_key -> instructions not reached, or FIX_EXHAUSTED */
} Run;

void run_begin(Run *run, const RunOptions *options, Arena *arena, RunResult *result);
void run_end(Run *run, double start); /* figures of the machine */

/* gives: commands, origin, root, below. Empty databases are no error here. */
bool phase_commands(Run *run, Err *err);
/* needs: root. gives: why_path. */
bool phase_question(Run *run, Err *err);
/* needs: root. gives: base, when somebody asks: early, for it is what may be wrong. */
bool phase_find_base(Run *run, Err *err);
/* needs: phase_finish. gives: the age of findings and remarks, when somebody asks. */
bool phase_base(Run *run, Err *err);
/* gives: names, models, context. */
bool phase_models(Run *run, Err *err);
/* needs: phase_models. What libraries do with contexts, also when the user has no model. */
bool phase_packs(Run *run, Err *err);
/* needs: commands. gives: cache, tus: each has a fact, here or in the cache. */
bool phase_extract(Run *run, Err *err);
/* Parses every TU that has no fact yet; each is kept in the cache as soon as it is there. */
bool extract_missing(Run *run, Err *err);
/* needs: tus, models. The findings of an earlier run over the same facts: nothing is left to do
 * but phase_finish. */
bool phase_recall(Run *run);
/* needs: tus. gives: facts; reads the cache, parses again what is damaged there. */
bool phase_read(Run *run, Err *err);
/* gives: facts, from files that `extract` or `pack` wrote. */
bool phase_read_files(Run *run, const char *const *files, uint32_t nfile, Err *err);
/* One order of facts, whatever order they came in. */
void run_sort_facts(Run *run);
/* needs: facts, models. gives: program, result->notes, figures of the program. */
void phase_link(Run *run);
/* needs: program. gives: result->findings. */
void phase_judge(Run *run);
/* What earlier runs of the engine said, out of the cache; NULL: nobody is to remember. */
Memo *phase_memo(Run *run);
void phase_memo_keep(Run *run, const Memo *memo);
/* For CheckOptions.see and told, with the run: what phase_contracts needs. */
void run_see(void *data, const ProgramFn *fn, const FlowResult *result);
void run_told(void *data, const ProgramFn *fn, const Candidate *candidate,
              const Finding *made);
/* needs: phase_judge. gives: result->contracts and headers, when they are wanted. */
void phase_contracts(Run *run);
/* needs: phase_judge. gives: a fix to findings that have an obvious one, when they are wanted. */
bool phase_fix(Run *run, Err *err);
/* The same for facts: needs RunOptions.compdb, whose commands made them. */
bool phase_fix_facts(Run *run, Err *err);
/* gives: commands, as RunOptions.compdb has them. */
bool commands_read(Run *run, Err *err);
/* For CheckOptions.see, with the run. */
void run_reached(void *data, const ProgramFn *fn, const FlowResult *result);
/* Keeps the findings for phase_recall. */
void phase_remember(Run *run);
/* gives: result->dump. */
void phase_dump(Run *run);
/* Suppressions, paths, what is incomplete. */
void phase_finish(Run *run);

/* needs: phase_finish. gives: result->why, when somebody asks. */
void phase_why(Run *run);

/* The path is below one of those asked for. */
bool run_wants(const Run *run, const char *path);
/* The texts of the program: those of the buffers, else of the disk. */
Source *run_source(const Run *run);
/* Contracts of what the run has seen: of functions of that name (NULL: any), in that file,
 * relative to the root (NULL: any). */
ContractList contracts_of(Run *run, const char *path, const char *name);
/* A whole source file, as run_source has it. False: it cannot be read. */
bool run_read_source(const Run *run, const char *path, FileText *text);
/* Adds a note on one TU. */
void run_note(Run *run, const char *path, RunNoteKind kind, const char *text);

#endif
