/*
 * The list of rules, made from rules.def so that code, page, fixtures and list cannot
 * drift apart (tests/lint looks at all four).
 */
#include "rules/rules.h"

#include <string.h>

const Rule *const all_rules[] = {
#define RULE(name) &rule_##name,
#include "rules/rules.def"
#undef RULE
};

const size_t all_rules_count = sizeof all_rules / sizeof all_rules[0];

const Rule *rule_find(const char *id)
{
    for (size_t i = 0; i < all_rules_count; i++)
        if (!strcmp(all_rules[i]->id, id)) return all_rules[i];
    return NULL;
}
