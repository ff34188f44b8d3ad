#ifndef CONTEXT_READER_H
#define CONTEXT_READER_H

#include "context/context.h"
#include "summary/model_reader.h"

/* What the files share that read models of contexts. The nodes are those of model packs.
 * Every function that returns bool sets the error when it returns false. */
typedef struct ContextReader {
    ModelReader base; /* first: what ModelKey.read is given */
    ContextModel *model;
    ContextUses *uses;
    uint32_t owner;        /* context or carrier at work */
    ContextRole role;      /* of the actions at work */
    ContextAction *action; /* at work */
    ContextType *type;
    ContextCarrier *carrier;
    ContextEntry *entry;
    ContextKey *key;
    Component *component;
    ComponentRule *rule;
} ContextReader;

static inline ContextReader *context_reader(ModelReader *reader)
{
    return (ContextReader *)(void *)reader;
}

/* read_parts.c */
const Pattern *context_read_pattern(ModelReader *reader, yaml_node_t *node);
/* A pattern, or a list of them. */
bool context_read_patterns(ModelReader *reader, yaml_node_t *node, ContextPatterns *out);
bool context_read_arg(ModelReader *reader, yaml_node_t *node, ContextArg *arg);
bool context_read_number(ModelReader *reader, const yaml_node_t *node, uint32_t *number);
const char *context_read_word(ModelReader *reader, const yaml_node_t *node,
                              const char *what);
const Name *context_read_name(ModelReader *reader, const yaml_node_t *node,
                              const char *what);
/* [trace, lane]: names of keys, given in this or an earlier file */
bool context_read_key_set(ModelReader *reader, yaml_node_t *node, uint32_t *keys);
/* Every item of a list, or the one thing that stands there instead of a list. */
bool context_read_each(ModelReader *reader, yaml_node_t *node,
                       bool (*read)(ModelReader *reader, yaml_node_t *item));
void context_read_stand(ModelReader *reader, const yaml_node_t *node, const char **file,
                        uint32_t *line, uint32_t *column);

/* read_action.c: a call, or a list of them, with context_reader(reader)->role and owner */
bool context_read_actions(ModelReader *reader, yaml_node_t *node);

/* read_kinds.c: sections of things with a name of their own */
bool context_read_contexts(ModelReader *reader, yaml_node_t *node);
bool context_read_carriers(ModelReader *reader, yaml_node_t *node);
bool context_read_entries(ModelReader *reader, yaml_node_t *node);

/* read_policy.c: what must travel, and where to */
bool context_read_keys(ModelReader *reader, yaml_node_t *node);
bool context_read_require(ModelReader *reader, yaml_node_t *node);
bool context_read_roots(ModelReader *reader, yaml_node_t *node);
bool context_read_endpoints(ModelReader *reader, yaml_node_t *node);
bool context_read_components(ModelReader *reader, yaml_node_t *node);
bool context_read_denies(ModelReader *reader, yaml_node_t *node);
bool context_read_allows(ModelReader *reader, yaml_node_t *node);

#endif
