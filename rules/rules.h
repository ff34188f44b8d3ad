#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stddef.h>

#include "check/check.h"

/*
 * Every rule, and what is built into the program beside them: their pages and the model
 * packs of well-known libraries. The list is rules.def.
 */

/* For each RULE(x): its descriptor, and rules/<family>/x.md as a string for Rule.page. */
#define RULE(name)                                                                       \
    extern const Rule rule_##name;                                                       \
    extern const char page_##name[];
#include "rules/rules.def"
#undef RULE

extern const Rule *const all_rules[]; /* in the order of rules.def */
extern const size_t all_rules_count;

/* A file of rules/models/, sorted by name. */
typedef struct Pack {
    const char *name; /* "libc.yaml" */
    const char *text; /* followed by a NUL that is not counted */
    size_t len;
} Pack;

extern const Pack all_packs[];
extern const size_t all_packs_count;

const Rule *rule_find(const char *id); /* NULL: no such rule */

#endif
