/*
 * The ways in which a modelled function can end: what it returns, what it writes, and under
 * which conditions; in the long form (a list of outcomes) and the short one.
 */
#include <string.h>

#include "summary/model_reader.h"

enum { MOST_OUTCOMES = 8, MOST_SETS = 16 };

/* --- small parts ------------------------------------------------------------------------- */

bool read_expr(ModelReader *reader, const yaml_node_t *node, TermId *term)
{
    ModelFault fault;
    const char *text = node_scalar(reader, node, "a value");
    if (!text) return false;
    *term = model_expr(&reader->build, text, &fault);
    return *term || node_fault(reader, node, &fault);
}

bool read_place(ModelReader *reader, const yaml_node_t *node, const char *what,
                TermId *term)
{
    if (!read_expr(reader, node, term)) return false;
    TermKind kind = reader->build.terms.at[*term].kind;
    return kind == TERM_PARAM || kind == TERM_INIT || kind == TERM_FRESH ||
           kind == TERM_INDEX ||
           node_fail(reader, node, 0,
                     "%s is a parameter, what one points to (\"*out\") or a \"$global\"",
                     what);
}

bool read_guard(ModelReader *reader, const yaml_node_t *node, bool is_not, Guard *guard)
{
    ModelFault fault;
    const char *text = node_scalar(reader, node, "a condition");
    if (!text) return false;
    return model_guard(&reader->build, text, is_not, guard, &fault) ||
           node_fault(reader, node, &fault);
}

/* The last of these guards, and those before it of the same value. */
static bool contradicts(const Guard *guards, uint32_t last)
{
    Range range = guards[last].range;
    for (uint32_t i = 0; i < last; i++)
        if (guards[i].term == guards[last].term)
            range = range_meet(range, guards[i].range);
    return range_is_empty(range);
}

static bool read_guards(ModelReader *reader, yaml_node_t *node, Guard **guards,
                        uint32_t *n)
{
    bool is_one = node->type == YAML_SCALAR_NODE;
    if (!is_one && !node_is_short(reader, node, "when")) return false;
    *n = is_one ? 1 : node_length(node);
    *guards = ARENA_ARRAY(reader->models->arena, Guard, *n);
    for (uint32_t i = 0; i < *n; i++) {
        const yaml_node_t *item = is_one ? node : node_item(reader, node, i);
        if (!read_guard(reader, item, false, &(*guards)[i])) return false;
        if (contradicts(*guards, i))
            return node_fail(reader, item, 0,
                             "this is never so together with the conditions before");
    }
    return true;
}

/* --- outcomes: memory -------------------------------------------------------------------- */

static TermId fresh(ModelReader *reader)
{
    return model_term(&reader->build,
                      (SummaryTerm){.kind = TERM_FRESH, .imm = ++reader->nfresh});
}

static bool read_set(ModelReader *reader, const yaml_node_t *key,
                     const yaml_node_t *value, Post *post)
{
    TermId place = 0;
    if (!read_expr(reader, key, &place)) return false;
    const SummaryTerm *term = &reader->build.terms.at[place];
    if (term->kind != TERM_INIT)
        return node_fail(
            reader, key, 0,
            "what is set is what a parameter points to, \"*out\", or a \"$global\"");
    *post = (Post){.address = term->a,
                   .range = range_any,
                   .type = {.kind = TYPE_POINTER, .size = 8}};
    if (node_is(value, "unknown")) return true;
    if (node_is(value, "nonnull")) {
        post->value = fresh(reader);
        post->range = range_of_class(CLASS_VALID);
        return true;
    }
    if (node_is(value, "null")) {
        post->value = model_term(&reader->build, (SummaryTerm){.kind = TERM_NULL});
        post->range = range_of_class(CLASS_NULL);
        return true;
    }
    return read_expr(reader, value, &post->value);
}

static bool read_sets(ModelReader *reader, yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "sets must be {\"*out\": nonnull}");
    Outcome *outcome = &reader->outcome;
    if (node_pairs(node) > MOST_SETS)
        return node_fail(reader, node, 0, "sets: more than %d of them", MOST_SETS);
    outcome->posts = ARENA_ARRAY(reader->models->arena, Post, node_pairs(node));
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        if (!read_set(reader, node_get(reader, pair->key), node_get(reader, pair->value),
                      &outcome->posts[outcome->npost++]))
            return false;
    }
    return true;
}

static bool read_leaves(ModelReader *reader, yaml_node_t *node)
{
    if (!node_is_short(reader, node, "leaves")) return false;
    Outcome *outcome = &reader->outcome;
    outcome->unset = ARENA_ARRAY(reader->models->arena, TermId, node_length(node));
    for (uint32_t i = 0; i < node_length(node); i++)
        if (!read_place(reader, node_item(reader, node, i), "what is left",
                        &outcome->unset[outcome->nunset++]))
            return false;
    return true;
}

static Effect *add_effect(ModelReader *reader, EffectKind kind)
{
    enum { MOST_EFFECTS = 2 }; /* zeroes and copies */
    Outcome *outcome = &reader->outcome;
    if (!outcome->effects)
        outcome->effects = ARENA_ARRAY(reader->models->arena, Effect, MOST_EFFECTS);
    Effect *effect = &outcome->effects[outcome->neffect++];
    effect->kind = kind;
    return effect;
}

static Effect *last_effect(ModelReader *reader)
{
    return &reader->outcome.effects[reader->outcome.neffect - 1];
}

static bool read_effect_to(ModelReader *reader, yaml_node_t *node)
{
    return read_place(reader, node, "what is filled", &last_effect(reader)->to);
}

static bool read_effect_from(ModelReader *reader, yaml_node_t *node)
{
    return read_place(reader, node, "what is copied", &last_effect(reader)->from);
}

static bool read_effect_size(ModelReader *reader, yaml_node_t *node)
{
    TermId *size = &last_effect(reader)->size;
    if (!read_expr(reader, node, size)) return false;
    const SummaryTerm *term = &reader->build.terms.at[*size];
    return term->kind != TERM_INT || term->imm >= 0 ||
           node_fail(reader, node, 0, "a size is not negative");
}

static bool read_zeroes(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"to", read_effect_to}, {"size", read_effect_size}, {0}};
    Effect *effect = add_effect(reader, EFFECT_ZERO);
    return node_read_keys(reader, node, "zeroes", keys) &&
           (effect->to || node_fail(reader, node, 0, "the key 'to' is missing"));
}

static bool read_copies(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"to", read_effect_to},
                                    {"from", read_effect_from},
                                    {"size", read_effect_size},
                                    {0}};
    Effect *effect = add_effect(reader, EFFECT_COPY);
    return node_read_keys(reader, node, "copies", keys) &&
           ((effect->to && effect->from) ||
            node_fail(reader, node, 0, "the keys 'to' and 'from' are needed"));
}

/* --- outcomes: results ------------------------------------------------------------------- */

static void result_class(ModelReader *reader, uint8_t classes)
{
    reader->outcome.result = model_result(&reader->build);
    reader->outcome.result_range = range_of_class(classes);
}

static void result_null(ModelReader *reader, NullOrigin origin, NullNature nature)
{
    Outcome *outcome = &reader->outcome;
    outcome->result = model_term(&reader->build, (SummaryTerm){.kind = TERM_NULL});
    outcome->result_range = range_of_class(CLASS_NULL);
    outcome->origin = origin;
    outcome->nature = nature;
}

/* Words that say the same for a function and for one of its outcomes. */
static bool result_word(ModelReader *reader, const yaml_node_t *node)
{
    bool is_integer = node->type == YAML_SCALAR_NODE &&
                      strchr("-<>=!0123456789", *(char *)node->data.scalar.value);
    if (node_is(node, "nonnull"))
        result_class(reader, CLASS_VALID);
    else if (node_is(node, "nonnull_or_error")) {
        result_class(reader, CLASS_VALID);
        reader->or_error = true;
    } else if (node_is(node, "any"))
        result_class(reader, CLASS_ANY);
    else if (is_integer) {
        ModelFault fault;
        reader->outcome.result = model_result(&reader->build);
        return model_range((const char *)node->data.scalar.value,
                           &reader->outcome.result_range, &fault) ||
               node_fault(reader, node, &fault);
    } else if (!node_is(node, "void")) {
        return read_expr(reader, node, &reader->outcome.result);
    }
    return true;
}

static bool read_integers(ModelReader *reader, yaml_node_t *node)
{
    ModelFault fault;
    Range ends[2];
    if (node_length(node) != 2)
        return node_fail(reader, node, 0, "a range is [lowest, highest]");
    for (uint32_t i = 0; i < 2; i++) {
        yaml_node_t *item = node_item(reader, node, i);
        const char *text = node_scalar(reader, item, "a bound");
        if (!text) return false;
        if (!model_range(text, &ends[i], &fault)) return node_fault(reader, item, &fault);
        if (ends[i].low != ends[i].high)
            return node_fail(reader, item, 0, "a bound is an integer");
    }
    reader->outcome.result = model_result(&reader->build);
    reader->outcome.result_range.low = ends[0].low;
    reader->outcome.result_range.high = ends[1].high;
    return !range_is_empty(reader->outcome.result_range) ||
           node_fail(reader, node, 0, "the lowest comes first");
}

static bool read_outcome_returns(ModelReader *reader, yaml_node_t *node)
{
    if (node->type == YAML_SEQUENCE_NODE) return read_integers(reader, node);
    if (!node_is(node, "null")) return result_word(reader, node);
    reader->null_node = node;
    result_null(reader, ORIGIN_RETURN, NATURE_FAILURE);
    return true;
}

/* Why a result is null; false when this is no such reason. */
static bool null_reason(ModelReader *reader, const yaml_node_t *node)
{
    static const struct {
        const char *word;
        NullOrigin origin;
        NullNature nature;
    } reasons[] = {{"failure", ORIGIN_RETURN, NATURE_FAILURE},
                   {"optional", ORIGIN_RETURN, NATURE_OPTIONAL},
                   {"rare", ORIGIN_RETURN, NATURE_RARE},
                   {"alloc", ORIGIN_ALLOC, NATURE_FAILURE}};
    const char *words[sizeof reasons / sizeof reasons[0] + 1] = {0};
    if (!node_scalar(reader, node, "the reason of a null result")) return false;
    for (uint32_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        words[i] = reasons[i].word;
        if (!node_is(node, words[i])) continue;
        result_null(reader, reasons[i].origin, reasons[i].nature);
        return true;
    }
    return node_unknown_word(reader, node, "reason", words);
}

static bool read_why(ModelReader *reader, yaml_node_t *node)
{
    return reader->null_node ? null_reason(reader, node)
                             : node_fail(reader, node, 0,
                                         "why belongs to an outcome that returns null");
}

static bool read_when(ModelReader *reader, yaml_node_t *node)
{
    return read_guards(reader, node, &reader->outcome.guards, &reader->outcome.nguard);
}

static void outcome_begin(ModelReader *reader)
{
    reader->outcome = (Outcome){.result_range = range_any};
    reader->nfresh = 0;
    reader->or_error = false;
    reader->null_node = NULL;
}

/* It returns, so none of the conditions held under which it does not. */
static void add_stays(ModelReader *reader)
{
    Outcome *outcome = &reader->outcome;
    if (!reader->stays.n) return;
    uint32_t n = outcome->nguard + reader->stays.n;
    Guard *guards = ARENA_ARRAY(reader->models->arena, Guard, n);
    for (uint32_t i = 0; i < n; i++)
        guards[i] = i < outcome->nguard ? outcome->guards[i]
                                        : reader->stays.at[i - outcome->nguard];
    outcome->guards = guards;
    outcome->nguard = n;
}

static void outcome_end(ModelReader *reader)
{
    add_stays(reader);
    vec_push(reader->build.arena, &reader->build.outcomes, reader->outcome);
    if (!reader->or_error) return;
    Range error = range_of_class(CLASS_ERR);
    Outcome failure = {.guards = reader->outcome.guards,
                       .nguard = reader->outcome.nguard,
                       .result = model_result(&reader->build),
                       .result_range = range_meet(range_of_int(-1), error)};
    vec_push(reader->build.arena, &reader->build.outcomes, failure);
}

static bool never_holds(const ModelReader *reader)
{
    const Outcome *outcome = &reader->outcome;
    for (uint32_t i = 0; i < outcome->nguard; i++)
        for (uint32_t k = 0; k < reader->stays.n; k++) {
            Guard pair[2] = {outcome->guards[i], reader->stays.at[k]};
            if (contradicts(pair, 1)) return true;
        }
    return false;
}

static bool read_nothing(ModelReader *reader, yaml_node_t *node)
{
    (void)reader;
    (void)node;
    return true;
}

/* {when: "status != 0", noreturn: true} is no outcome: it narrows all the others. */
static bool read_no_return(ModelReader *reader, yaml_node_t *node, bool *is_one)
{
    static const ModelKey keys[] = {
        {"noreturn", read_nothing}, {"when", read_nothing}, {0}};
    yaml_node_t *noreturn =
        node->type == YAML_MAPPING_NODE ? node_find(reader, node, "noreturn") : NULL;
    *is_one = false;
    if (!noreturn) return true;
    if (!node_bool(reader, noreturn, is_one)) return false;
    if (!*is_one)
        return node_fail(reader, noreturn, 0,
                         "an outcome returns unless it says 'noreturn: true'");
    if (!node_read_keys(reader, node, "an outcome that does not return", keys))
        return false;
    yaml_node_t *when = node_find(reader, node, "when");
    if (!when)
        return node_fail(reader, noreturn, 0,
                         "it needs the key 'when'; what never returns says 'noreturn: "
                         "true' beside its params");
    if (when->type == YAML_SEQUENCE_NODE && node_length(when) == 1)
        when = node_item(reader, when, 0);
    if (when->type != YAML_SCALAR_NODE)
        return node_fail(reader, when, 0,
                         "noreturn takes one condition: two ways not to return are two "
                         "outcomes");
    Guard guard;
    if (!read_guard(reader, when, true, &guard)) return false;
    vec_push(reader->build.arena, &reader->stays, guard);
    return true;
}

static bool read_no_returns(ModelReader *reader, yaml_node_t *list)
{
    reader->stays.n = 0;
    for (uint32_t i = 0; i < node_length(list); i++) {
        bool is_one = false;
        if (!read_no_return(reader, node_item(reader, list, i), &is_one)) return false;
    }
    return reader->stays.n < node_length(list) ||
           node_fail(reader, list, 0,
                     "no outcome returns: say 'noreturn: true' beside the params, or add "
                     "the outcome that does");
}

bool read_outcomes(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"noreturn", read_nothing},
                                    {"returns", read_outcome_returns},
                                    {"why", read_why},
                                    {"when", read_when},
                                    {"sets", read_sets},
                                    {"leaves", read_leaves},
                                    {"zeroes", read_zeroes},
                                    {"copies", read_copies},
                                    {0}};
    if (!node_is_short(reader, node, "outcomes")) return false;
    if (!node_length(node) || node_length(node) > MOST_OUTCOMES)
        return node_fail(reader, node, 0, "1 to %d outcomes", MOST_OUTCOMES);
    if (!read_no_returns(reader, node)) return false;
    for (uint32_t i = 0; i < node_length(node); i++) {
        yaml_node_t *item = node_item(reader, node, i);
        if (item->type == YAML_MAPPING_NODE && node_find(reader, item, "noreturn"))
            continue;
        outcome_begin(reader);
        if (!node_read_keys(reader, item, "an outcome", keys)) return false;
        if (never_holds(reader))
            return node_fail(
                reader, item, 0,
                "under its condition the function does not return, as another "
                "outcome says");
        outcome_end(reader);
    }
    return true;
}

static bool read_returns(ModelReader *reader, yaml_node_t *node)
{
    return node->type == YAML_SEQUENCE_NODE ? read_integers(reader, node)
                                            : result_word(reader, node);
}

/* returns, sets, zeroes ... beside the function's name describe its success; or_null adds
 * the other outcome. */
bool read_short_outcomes(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey parts[] = {{"returns", read_returns},
                                     {"sets", read_sets},
                                     {"zeroes", read_zeroes},
                                     {"copies", read_copies},
                                     {0}};
    reader->stays.n = 0;
    outcome_begin(reader);
    for (const ModelKey *part = parts; part->name; part++) {
        yaml_node_t *value = node_find(reader, node, part->name);
        if (value && !part->read(reader, value)) return false;
    }
    outcome_end(reader);
    yaml_node_t *or_null = node_find(reader, node, "or_null");
    if (!or_null) return true;
    if (!node_find(reader, node, "returns"))
        return node_fail(reader, or_null, 0, "or_null needs the key 'returns'");
    const Range *range = &reader->outcome.result_range;
    bool is_number = range->low != INT64_MIN || range->high != INT64_MAX;
    if (!reader->outcome.result || is_number)
        return node_fail(
            reader, or_null, 0,
            "or_null is of a function that returns a pointer: 'returns' says "
            "that it returns %s",
            is_number ? "a number" : "nothing");
    outcome_begin(reader);
    if (!null_reason(reader, or_null)) return false;
    outcome_end(reader);
    return true;
}
