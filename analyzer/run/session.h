#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "base/file.h"
#include "run/run.h"

/*
 * The whole program in memory, for who asks again and again while a few files change: an editor.
 * What is found is what `sluice check` would find with those texts on the disk, but for headers
 * (see session_check). Whoever wants to come back to an earlier state forks before.
 */
typedef struct Session Session;

/* The program as it stands on the disk. folder: for files of the session's own, or NULL; the
 * caller removes it. */
Session *session_open(const RunOptions *options, const char *folder, Arena *arena,
                      Err *err);
/* Of the last round. The list belongs to the caller. */
RunResult *session_result(Session *session);

/*
 * The program with these texts in place of the files on the disk, from now on. Only TUs that
 * read one that differs are parsed: all whose main file it is; of a header those with a buffer of their own,
 * else the first that reads it. A source that no command compiles is compiled as its neighbour.
 */
bool session_check(Session *session, const FileBuffer *buffers, uint32_t n, Arena *arena,
                   Err *err);
/* Prepares the headers of a file for the next rounds of processes that are forked before or
 * after; false: there is nothing to prepare. */
bool session_prepare(const Session *session, const char *path);

/* Contracts of functions of that name (NULL: any) in that file (NULL: any). */
ContractList session_contracts(Session *session, const char *path, const char *name,
                               Arena *arena);
/* The findings of the last round again, those in that file with their fixes. */
bool session_fixes(Session *session, const char *path, Tier weakest, Arena *arena,
                   FindingList *findings, Err *err);

#endif
