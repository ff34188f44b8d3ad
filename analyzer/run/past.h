#ifndef RUN_PAST_H
#define RUN_PAST_H

#include "run/git.h"
#include "run/phases.h"

/*
 * The program as it was at a revision, compiled as it is compiled now: the commands of today's
 * database, generated files and submodules as they are, and what git tracks as it was then.
 */

/* needs: `now` after phase_read. gives: past->commands, tus, each with a fact. TUs that read
 * nothing that has changed keep the fact they have; the others are parsed. */
bool past_extract(Run *past, const Run *now, const GitChanges *changes, Err *err);
/* Files that had another name, as paths of contracts. */
ContractMove *past_moves(const Run *now, const GitChanges *changes, uint32_t *n);

#endif
