#ifndef LSP_LSP_H
#define LSP_LSP_H

#include "run/run.h"

/*
 * `sluice lsp`: a language server (LSP 3.17) on two descriptors. What it shows is what `sluice
 * check` reports of the files as they stand in the editor.
 */
typedef struct LspSetup {
    /* Options for the project around the current folder, with words as on the command line;
     * called in a process of its own. */
    bool (*prepare)(void *data, const char *const *words, uint32_t nword, Arena *arena,
                    RunOptions *options, Err *err);
    /* Sets `blocks` and `is_hidden` of what was found. */
    void (*judge)(void *data, RunResult *result, Arena *arena);
    void *data;
    const Rule *const *rules;
    uint32_t nrule;
} LspSetup;

/* Serves until the client says exit, or is gone. Gives the exit status. */
int lsp_serve(const LspSetup *setup, int in, int out);

#endif
