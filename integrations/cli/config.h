#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/buf.h"
#include "base/err.h"
#include "finding/finding.h"

/* What .sluice.yaml says. docs: config_schema.json, printed by `sluice config schema`. */

enum { CONFIG_UNSET = -1, CONFIG_NONE = 0 }; /* of tiers; else TIER_A.. */

/* For the findings of some rules below some paths. Of several that fit the last one counts, for
 * each thing by itself. */
typedef struct Threshold {
    const char *rule; /* a pattern; NULL: all rules */
    const char *path; /* a pattern, or a folder; NULL: everywhere */
    int fail_on;      /* weakest tier that blocks */
    int show;         /* weakest tier that is shown */
    int64_t max;      /* blocking findings that are let through; -1: unset */
    uint32_t line;    /* where it stands */
} Threshold;

typedef struct Config {
    const char *file;   /* as found; NULL: there is none */
    const char *folder; /* absolute; its relative paths start here */
    const char *compdb, *baseline;
    const char **models;
    uint32_t nmodel;
    int fail_on, show;
    int allow_partial;   /* 0, 1 or CONFIG_UNSET */
    double min_coverage; /* percent; < 0: unset */
    Threshold *thresholds;
    uint32_t nthreshold;
} Config;

/* The .sluice.yaml of `folder` or of one above, up to the top of the repository; NULL: none. */
const char *config_find(const char *folder, Arena *arena);
/* file NULL: an empty configuration. Errors are "file:line:column: what is wrong". */
bool config_read(const char *file, Arena *arena, Config *config, Err *err);

/* "null-*" fits "null-deref". A pattern of paths without wildcards fits a file or all below a
 * folder; '*' also stands for "/". */
bool config_fits_rule(const char *pattern, const char *rule_id);
bool config_fits_path(const char *pattern, const char *path);

extern const char page_config_schema[]; /* config_schema.json */

#endif
