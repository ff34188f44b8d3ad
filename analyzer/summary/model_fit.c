/*
 * Does a model describe the function that the program declares? Another library may have one
 * of the same name, and who writes a model may be mistaken: what it says of pointers must be
 * pointers there.
 */
#include "summary/model.h"

static bool is_number(const Fn *fn, int64_t param)
{
    if (param < 0 || param >= fn->nparam) return false;
    TypeKind kind = fn->params[param].type.kind;
    return kind == TYPE_INT || kind == TYPE_FLOAT;
}

/* The parameter that `id` is; -1: something else. */
static int64_t param_of(const Summary *model, TermId id)
{
    const SummaryTerm *term = &model->terms[id];
    return id && term->kind == TERM_PARAM ? term->imm : -1;
}

/* A parameter that the model takes for a pointer, and the declaration does not; -1: none. */
static int64_t odd_param(const Summary *model, const Fn *fn)
{
    for (uint32_t i = 1; i < model->nterm; i++) {
        TermKind kind = model->terms[i].kind;
        int64_t param = kind == TERM_INIT || kind == TERM_INDEX
                            ? param_of(model, model->terms[i].a)
                            : -1;
        if (is_number(fn, param)) return param;
    }
    for (uint32_t i = 0; i < model->nlatent; i++)
        if (is_number(fn, param_of(model, model->latents[i].term)))
            return param_of(model, model->latents[i].term);
    for (uint32_t i = 0; i < model->ninvoke; i++)
        if (is_number(fn, param_of(model, model->invokes[i].callee)))
            return param_of(model, model->invokes[i].callee);
    return -1;
}

typedef enum Returned { RETURNED_ANY, RETURNED_POINTER, RETURNED_NUMBER } Returned;

static Returned returned_by(const Summary *model, const Outcome *outcome)
{
    if (!outcome->result) return RETURNED_ANY;
    if (model->terms[outcome->result].kind == TERM_NULL) return RETURNED_POINTER;
    if (outcome->result_range.classes == CLASS_VALID &&
        outcome->result_range.low == INT64_MIN && outcome->result_range.high == INT64_MAX)
        return RETURNED_POINTER;
    bool is_whole = range_equal(outcome->result_range, range_any);
    return is_whole ? RETURNED_ANY : RETURNED_NUMBER;
}

static const char *odd_result(const Summary *model, const Fn *fn)
{
    for (uint32_t i = 0; i < model->noutcome; i++) {
        Returned returned = returned_by(model, &model->outcomes[i]);
        if (returned == RETURNED_ANY) continue;
        bool is_pointer = returned == RETURNED_POINTER;
        if (fn->result.kind == TYPE_VOID)
            return is_pointer
                       ? "says that it returns a pointer, but the program declares that "
                         "it returns nothing"
                       : "says that it returns a number, but the program declares that "
                         "it returns nothing";
        if (is_pointer && (fn->result.kind == TYPE_INT || fn->result.kind == TYPE_FLOAT))
            return "says that it returns a pointer, but the program declares that it "
                   "returns a number";
    }
    return NULL;
}

const char *model_misfit(const Summary *model, const Fn *fn, Arena *arena)
{
    if (fn->flags & FN_UNPROTOTYPED) return NULL;
    uint32_t n = model->nparam;
    if (n != fn->nparam)
        return arena_printf(arena,
                            "has %u parameter%s, but the program declares it with %u", n,
                            n == 1 ? "" : "s", fn->nparam);
    int64_t param = odd_param(model, fn);
    if (param >= 0)
        return arena_printf(
            arena,
            "takes parameter %lld for a pointer, but the program declares "
            "it as a number",
            (long long)param + 1);
    return odd_result(model, fn);
}
