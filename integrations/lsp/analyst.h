#ifndef LSP_ANALYST_H
#define LSP_ANALYST_H

#include "lsp.h"

/* A process that knows the program and takes questions; see analyst.c. */
typedef struct AnalystOrder {
    const LspSetup *setup;
    const char *folder;       /* of the project */
    const char *scratch;      /* for files of its own; NULL: none */
    const char *const *words; /* as on the command line */
    uint32_t nword;
} AnalystOrder;

/* Starts one; gives the socket to it, -1: no process can be made. It says TELL_PROGRESS while it
 * reads the program, then TELL_RESULT or TELL_FAILED. It ends when the socket is closed. */
int analyst_start(const AnalystOrder *order);
/* Sends a question to one that has told its result; gives the socket for the answer, -1: it is gone. Whoever
 * closes that socket ends the work on it. */
int analyst_ask(int analyst, uint32_t talk, const char *body, size_t len);

/* A result as it travels: findings, remarks and notes in one list. */
typedef enum ResultKind { RESULT_FINDING, RESULT_REMARK, RESULT_NOTE } ResultKind;

typedef struct Shown {
    ResultKind kind;
    bool blocks;
} Shown;

typedef struct ResultMessage {
    const char *root;
    FindingList findings;
    const Shown *shown; /* one a finding */
} ResultMessage;

#endif
