#ifndef SUMMARY_MODEL_BUILD_H
#define SUMMARY_MODEL_BUILD_H

#include "base/vec.h"
#include "summary/model.h"

/*
 * A summary while a model is read into it: terms are made from the small expressions of
 * the model language ("*out", "count * size", "has_char(s, c)"). Only model_read.c and
 * model_build.c include this.
 */
typedef struct ModelBuild {
    Arena *arena;
    Names *names;
    Summary *summary;
    VEC(const Name *) params;
    VEC(SummaryTerm) terms;
    VEC(Outcome) outcomes;
    VEC(Latent) latents;
    VEC(Invoke) invokes;
    VEC(TermId) clobbers;
} ModelBuild;

/* What is wrong with an expression, and at which byte of it. */
typedef struct ModelFault {
    size_t at;
    char text[160];
} ModelFault;

void model_begin(ModelBuild *build, Models *models, const char *name);
void model_end(ModelBuild *build); /* freezes the lists into the summary */

TermId model_term(ModelBuild *build, SummaryTerm term); /* equal terms once */
TermId model_param(ModelBuild *build, uint32_t param);
TermId model_result(ModelBuild *build); /* the new value that "result" means */

/* "*out", "n", "s[]", "$environ", "result", "count * size", "has_char(*s, c)", "0".
 * 0: see the fault. */
TermId model_expr(ModelBuild *build, const char *text, ModelFault *fault);
/* "n != 0", "has_char(s, c) == 0", "ptr == null", "status < 0" */
bool model_guard(ModelBuild *build, const char *text, bool is_not, Guard *guard,
                 ModelFault *fault);
/* "compar(base, base)": a parameter, called with expressions; _ is anything. */
bool model_invoke(ModelBuild *build, const char *text, Invoke *invoke, ModelFault *fault);
/* "0", "-1", ">= 0", "!= 0": what an integer result can be. */
bool model_range(const char *text, Range *range, ModelFault *fault);

/* The word of `words` (ends with NULL) that was probably meant, or NULL. */
const char *model_closest(const char *const *words, const char *word);

#endif
