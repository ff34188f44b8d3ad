#ifndef CONTRACT_INFER_H
#define CONTRACT_INFER_H

#include "contract/contract.h"
#include "contract/records.h"
#include "flow/flow.h"

/*
 * From summaries to contracts.
 *
 * needs: a linked program, the result of flow_run for each function.
 * gives: one contract a function; texts live in `arena`.
 */
Contract contract_infer(const Records *records, const ProgramFn *fn,
                        const FlowResult *result, Arena *arena);
/* What a rule said of a candidate in `fn`. */
ContractTold contract_told(const ProgramFn *fn, const Candidate *candidate,
                           const Finding *made);
/* By path, line, column, name. */
void contract_sort(ContractList *list);

#endif
