#ifndef CONTRACT_ANNOTATE_H
#define CONTRACT_ANNOTATE_H

#include "base/buf.h"
#include "contract/contract.h"

/*
 * Contracts written into headers, as a patch: what is certain, and nothing else. Certain are a
 * parameter that is dereferenced whatever happens, and a result that is NULL on some path.
 */
typedef enum AnnotateStyle {
    ANNOTATE_NULLABILITY, /* _Nonnull parameters, _Nullable results */
    ANNOTATE_ATTRIBUTES   /* __attribute__((nonnull(1))); there is none for results */
} AnnotateStyle;

/* What the declarations of one function are to say. */
typedef struct Annotation {
    const char *name;
    uint32_t nparam;
    bool *is_nonnull; /* per parameter */
    bool is_nullable; /* the result */
} Annotation;

typedef struct AnnotationList {
    Annotation *at; /* by name, each once */
    uint32_t n;
} AnnotationList;

/* Of functions that headers may declare: not static, and all definitions of a name agree. */
AnnotationList annotations_of(const ContractList *contracts, Arena *arena);

/* Appends the unified diff (for `patch -p1`, `git apply`) of one header, whose text is not
 * changed; nothing when no declaration in it gains anything. Declarations that are not read
 * for sure (macros, conditional code, several in one statement) are left alone. */
void annotate_header(const AnnotationList *annotations, AnnotateStyle style,
                     const char *path, const char *text, size_t len, Buf *patch);

#endif
