/*
 * Which functions, and which words at which place of a header.
 *
 * A compiler takes an annotation at its word: gcc drops tests of a nonnull parameter, and
 * both warn where NULL is compared with it or passed. So a parameter that the function tests
 * anywhere, or that some call passes NULL for, is left as it is: that is a finding, not an
 * annotation.
 */
#include "contract/annotate.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/rewrite.h"
#include "base/vec.h"
#include "contract/declare.h"

/* --- what is certain ---------------------------------------------------------------------- */

static uint64_t name_key(const char *name)
{
    Hash hash = hash_bytes(name, strlen(name));
    return hash.low ^ hash.high;
}

/* Functions that some call passes NULL where they cannot do with it. */
static Map passed_null(const ContractList *contracts, Arena *arena)
{
    Map passed;
    map_init(&passed, arena);
    for (uint32_t i = 0; i < contracts->n; i++)
        for (uint32_t k = 0; k < contracts->at[i].ntold; k++)
            map_put(&passed, name_key(contracts->at[i].told[k].taker), 1, NULL);
    return passed;
}

static bool asks_always(const Contract *contract, uint32_t param)
{
    for (uint32_t i = 0; i < contract->ndemand; i++) {
        const ContractDemand *demand = &contract->demands[i];
        if (demand->param == param + 1 && !demand->nwhen && !demand->is_partial)
            return true;
    }
    return false;
}

static Annotation annotation_of(const Contract *contract, const Map *passed, Arena *arena)
{
    Annotation made = {.name = contract->name, .nparam = contract->nparam};
    made.is_nonnull = ARENA_ARRAY(arena, bool, contract->nparam + 1);
    if (contract->state != CONTRACT_WHOLE) return made;
    bool gets_null = map_get(passed, name_key(contract->link_name)) != NULL;
    for (uint32_t i = 0; i < contract->nparam && !gets_null; i++) {
        const ContractParam *param = &contract->params[i];
        made.is_nonnull[i] = param->is_pointer && !param->is_declared_nonnull &&
                             !param->is_declared_nullable && !param->is_compared &&
                             asks_always(contract, i);
    }
    made.is_nullable =
        !contract->is_declared_nonnull && !contract->is_noreturn &&
        (contract->result == CONTRACT_MAYBE || contract->result == CONTRACT_ALWAYS);
    return made;
}

static bool is_empty(const Annotation *annotation)
{
    for (uint32_t i = 0; i < annotation->nparam; i++)
        if (annotation->is_nonnull[i]) return false;
    return !annotation->is_nullable;
}

static int by_name(const void *a, const void *b)
{
    const Annotation *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* Definitions of one name (several programs, one header): what all of them say. */
static void agree(Annotation *one, const Annotation *other)
{
    for (uint32_t i = 0; i < one->nparam; i++)
        one->is_nonnull[i] &= other->nparam == one->nparam && other->is_nonnull[i];
    one->is_nullable &= other->is_nullable;
}

AnnotationList annotations_of(const ContractList *contracts, Arena *arena)
{
    AnnotationList list = {.at = ARENA_ARRAY(arena, Annotation, contracts->n + 1)};
    uint32_t n = 0, kept = 0;
    const Map passed = passed_null(contracts, arena);
    for (uint32_t i = 0; i < contracts->n; i++)
        if (!contracts->at[i].is_static)
            list.at[n++] = annotation_of(&contracts->at[i], &passed, arena);
    if (n) qsort(list.at, n, sizeof *list.at, by_name);
    for (uint32_t i = 0; i < n; i++) {
        if (kept && !strcmp(list.at[kept - 1].name, list.at[i].name))
            agree(&list.at[kept - 1], &list.at[i]);
        else
            list.at[kept++] = list.at[i];
    }
    for (uint32_t i = 0; i < kept; i++)
        if (!is_empty(&list.at[i])) list.at[list.n++] = list.at[i];
    return list;
}

static const Annotation *find(const AnnotationList *list, const char *name, size_t len,
                              Arena *scratch)
{
    Annotation key = {.name = arena_copy(scratch, name, len)};
    return list->n ? bsearch(&key, list->at, list->n, sizeof *list->at, by_name) : NULL;
}

/* --- where it is written ------------------------------------------------------------------ */

/* Behind a star: "*key" becomes "*_Nonnull key", "* key" "* _Nonnull key". */
static void add_word(Rewrite *rewrite, size_t offset, const char *word)
{
    char next = rewrite->text[offset];
    bool blank = next == ' ' || next == '\t' || next == '\n' || next == '\r';
    bool ends = next == ',' || next == ')';
    rewrite_insert(rewrite, offset,
                   arena_printf(rewrite->arena, "%s%s%s", blank ? " " : "", word,
                                blank || ends ? "" : " "));
}

static bool add_nullability(Rewrite *rewrite, const Declaration *declaration,
                            const Annotation *annotation)
{
    bool added = false;
    if (annotation->is_nullable && declaration->result_star) {
        add_word(rewrite, declaration->result_star, "_Nullable");
        added = true;
    }
    for (uint32_t i = 0; i < annotation->nparam; i++) {
        if (!annotation->is_nonnull[i] || !declaration->param_stars[i]) continue;
        add_word(rewrite, declaration->param_stars[i], "_Nonnull");
        added = true;
    }
    return added;
}

static bool add_attributes(Rewrite *rewrite, const Declaration *declaration,
                           const Annotation *annotation)
{
    Buf out;
    buf_init(&out, rewrite->arena);
    uint32_t n = 0;
    for (uint32_t i = 0; i < annotation->nparam; i++)
        if (annotation->is_nonnull[i])
            buf_printf(&out, "%s%u", n++ ? ", " : " __attribute__((nonnull(", i + 1);
    if (!n || declaration->has_attribute) return false;
    buf_text(&out, ")))");
    rewrite_insert(rewrite, declaration->end, out.at);
    return true;
}

/* Compilers that do not know the words; and clang, which by default wants them at all
 * pointers of a file that has one. */
static void add_frame(Rewrite *rewrite, const Declarations *all)
{
    rewrite_insert_lines(
        rewrite, all->first_line,
        "#if defined(__clang__)\n"
        "#pragma clang diagnostic push\n"
        "#pragma clang diagnostic ignored \"-Wnullability-completeness\"\n"
        "#pragma clang diagnostic ignored \"-Wnullability-extension\"\n"
        "#elif !defined(_Nonnull)\n"
        "#define _Nonnull\n"
        "#define _Nullable\n"
        "#endif\n");
    rewrite_insert_lines(rewrite, all->last_line,
                         "#if defined(__clang__)\n"
                         "#pragma clang diagnostic pop\n"
                         "#endif\n");
}

void annotate_header(const AnnotationList *annotations, AnnotateStyle style,
                     const char *path, const char *text, size_t len, Buf *out)
{
    Arena *arena = arena_new("annotate");
    Declarations all = declarations_read(text, len, arena);
    Rewrite rewrite = {.arena = arena, .path = path, .text = text, .len = len};
    bool added = false;
    for (uint32_t i = 0; i < all.n; i++) {
        const Declaration *declaration = &all.at[i];
        const Annotation *annotation =
            find(annotations, declaration->name, declaration->name_len, arena);
        if (!annotation || annotation->nparam != declaration->nparam) continue;
        added |= style == ANNOTATE_NULLABILITY
                     ? add_nullability(&rewrite, declaration, annotation)
                     : add_attributes(&rewrite, declaration, annotation);
    }
    if (added && style == ANNOTATE_NULLABILITY && !all.is_framed)
        add_frame(&rewrite, &all);
    if (added) rewrite_write(&rewrite, out);
    arena_free(arena);
}
