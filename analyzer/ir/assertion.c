/* Macros that state what is known. They are told by their names: whoever writes one wants it to be
 * recognised, and what it expands to may be nothing. */
#include "ir/assertion.h"

#include <ctype.h>
#include <string.h>

enum { MAX_NAME = 64 };

static void to_upper(const char *name, char upper[MAX_NAME])
{
    size_t n = 0;
    for (; name[n] && n < MAX_NAME - 1; n++)
        upper[n] = (char)toupper((unsigned char)name[n]);
    upper[n] = 0;
}

/* Between underscores: DEBUG_ONLY is no BUG_ON. */
static bool has_words(const char *upper, const char *words)
{
    size_t len = strlen(words);
    for (const char *at = upper; (at = strstr(at, words)); at++)
        if ((at == upper || at[-1] == '_') && (!at[len] || at[len] == '_')) return true;
    return false;
}

bool assertion_is(const char *name, bool *is_negated)
{
    static const char *const words[] = {"ASSERT", "VERIFY", "REQUIRE", "ENSURE",
                                        "INVARIANT"};
    char upper[MAX_NAME];
    to_upper(name, upper);
    *is_negated = has_words(upper, "BUG_ON") || has_words(upper, "BUG_IF");
    if (strstr(upper, "STATIC_ASSERT") || strstr(upper, "BUILD_BUG")) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(upper, words[i])) return true;
    return *is_negated;
}

bool assertion_is_optional(const char *name)
{
    char upper[MAX_NAME];
    to_upper(name, upper);
    if (!strcmp(name, "assert")) return true;
    return strstr(upper, "ASSERT") && (strstr(upper, "DEBUG") || strstr(upper, "DBG"));
}
