#ifndef REPORT_CONTRACTS_H
#define REPORT_CONTRACTS_H

#include "base/buf.h"
#include "contract/diff.h"

/* Contracts for people and for scripts. */
void contracts_text(const ContractList *list, bool color, Buf *out);
/* As contracts_schema.json says: one function a line. */
void contracts_json(const ContractList *list, bool is_complete, Buf *out);
extern const char page_contracts_schema[]; /* that file */

/* Two versions compared; the JSON is as contracts_diff_schema.json says. */
void contracts_diff_text(const ContractDiff *diff, bool color, Buf *out);
void contracts_diff_json(const ContractDiff *diff, const char *revision, bool is_complete,
                         Buf *out);
extern const char page_contracts_diff_schema[];

#endif
