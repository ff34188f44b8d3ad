#ifndef REPORT_CONTRACTS_H
#define REPORT_CONTRACTS_H

#include "base/buf.h"
#include "contract/contract.h"

/* Contracts for people and for scripts. */
void contracts_text(const ContractList *list, bool color, Buf *out);
/* As contracts_schema.json says: one function a line. */
void contracts_json(const ContractList *list, bool is_complete, Buf *out);
extern const char page_contracts_schema[]; /* that file */

#endif
