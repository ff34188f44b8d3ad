#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "base/map.h"
#include "finding/source.h"
#include "json.h"
#include "report.h"
#include "snippet.h"

/* One SARIF log being written. */
typedef struct Sarif {
    const ReportInput *input;
    const ReportOptions *options;
    Source *source;
    Columns columns;
    Map hashes;                /* SourceFile -> LineHashes */
    uint32_t room[TIER_C + 1]; /* results of each tier that may be written */
    uint32_t nlost;            /* results that are left out */
    Arena *files;              /* lives as long as the log */
    Arena *scratch;            /* of one result */
} Sarif;

/* Rules we have apart from those that were handed in: about suppressions. */
extern const ReportRule sarif_own_rules[];
extern const uint32_t sarif_own_rule_count;

/* -1: no such rule in tool.driver.rules. */
int64_t sarif_rule_index(const Sarif *sarif, const char *id);
cJSON *sarif_rule(const ReportRule *rule, Arena *scratch);

cJSON *sarif_result(Sarif *sarif, const Finding *finding);
/* physicalLocation; place->line 0: the file as a whole. */
cJSON *sarif_physical(Sarif *sarif, const Place *place);
cJSON *sarif_message(const char *text,
                     Arena *scratch); /* {"text": ...}, at most 1000 bytes */

#endif
