#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stddef.h>

#include "check/check.h"
#include "context/context.h"
#include "summary/model.h"

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

extern const ModelLibrary all_models;   /* every pack of rules/models/ */
extern const ContextPacks all_contexts; /* every one of rules/models/context/ */

const Rule *rule_find(const char *id); /* NULL: no such rule */

#endif
