#ifndef SUMMARY_MODEL_READER_H
#define SUMMARY_MODEL_READER_H

#include <yaml.h>

#include "summary/model_build.h"

/* What the three files that read model packs share. Every function that returns bool sets the
 * error when it returns false. */
typedef struct ModelReader {
    Models *models;
    const char *file;
    Err *err;
    yaml_document_t document;
    VEC(Summary *) summaries; /* of this pack */
    VEC(ModelPlace) places;   /* ... and where each stands */
    Map own;                  /* their names */
    ModelBuild build;         /* the function at work */
    Outcome outcome;          /* the outcome at work */
    bool or_error;            /* it may also return -1 made a pointer */
    uint32_t nfresh;          /* values made in it; 0 is the result */
    yaml_node_t *null_node;   /* where its result was said to be null */
    VEC(Guard) stays;         /* what holds in each outcome, for it returns */
} ModelReader;

typedef struct ModelKey {
    const char *name;
    bool (*read)(ModelReader *reader, yaml_node_t *value);
} ModelKey;

/* models, file and err are set: gives the document, to be deleted when true. */
bool reader_open(ModelReader *reader, const char *text, size_t len);

bool node_fail(ModelReader *reader, const yaml_node_t *node, size_t offset,
               const char *fmt, ...) PRINTF_LIKE(4, 5);
bool node_fault(ModelReader *reader, const yaml_node_t *node, const ModelFault *fault);
bool node_unknown_word(ModelReader *reader, const yaml_node_t *node, const char *what,
                       const char *const *words);

yaml_node_t *node_get(ModelReader *reader, int id);
bool node_is(const yaml_node_t *node, const char *text);
/* NULL, and an error, unless the node is text, not empty and without a NUL in it. */
const char *node_scalar(ModelReader *reader, const yaml_node_t *node, const char *what);
/* ... unless it is a name of C. */
const char *node_identifier(ModelReader *reader, const yaml_node_t *node,
                            const char *what);
bool node_bool(ModelReader *reader, const yaml_node_t *node, bool *value);

bool node_is_list(ModelReader *reader, const yaml_node_t *node, const char *what);
/* ... of at most 64: aliases make long lists out of short text. */
bool node_is_short(ModelReader *reader, const yaml_node_t *node, const char *what);
uint32_t node_length(const yaml_node_t *node);
yaml_node_t *node_item(ModelReader *reader, const yaml_node_t *node, uint32_t i);

uint32_t node_pairs(const yaml_node_t *node);
yaml_node_t *node_find(ModelReader *reader, const yaml_node_t *node, const char *name);
/* Refuses unknown and repeated keys; reads in the order of the table, not of the file. */
bool node_read_keys(ModelReader *reader, yaml_node_t *node, const char *what,
                    const ModelKey *keys);

bool read_expr(ModelReader *reader, const yaml_node_t *node, TermId *term);
/* ... and it is a pointer: a parameter, what one points to, a global, or the result. */
bool read_place(ModelReader *reader, const yaml_node_t *node, const char *what,
                TermId *term);
/* A condition on entry. is_not: its opposite. */
bool read_guard(ModelReader *reader, const yaml_node_t *node, bool is_not, Guard *guard);
/* What a function's name stands for, into `build`, which was begun. */
bool read_function(ModelReader *reader, yaml_node_t *node);
bool read_outcomes(ModelReader *reader, yaml_node_t *node);
/* From the keys beside the function's name: returns, or_null, sets, zeroes, copies. */
bool read_short_outcomes(ModelReader *reader, yaml_node_t *node);

#endif
