/* The small programs that a model carries, read apart from it: only its test wants them. */
#include "context/snippet.h"

#include <string.h>

#include "summary/model_reader.h"

typedef struct SnippetReader {
    ModelReader base; /* first: what ModelKey.read is given */
    Arena *arena;
    ContextSnippet snippet; /* at work */
} SnippetReader;

static SnippetReader *snippet_reader(ModelReader *reader)
{
    return (SnippetReader *)(void *)reader;
}

static bool read_text(ModelReader *reader, const yaml_node_t *node, const char *what,
                      const char **out)
{
    const char *text = node_scalar(reader, node, what);
    if (text) *out = arena_copy(snippet_reader(reader)->arena, text, strlen(text));
    return text;
}

static bool read_about(ModelReader *reader, yaml_node_t *node)
{
    return read_text(reader, node, "about", &snippet_reader(reader)->snippet.about);
}

static bool read_code(ModelReader *reader, yaml_node_t *node)
{
    ContextSnippet *snippet = &snippet_reader(reader)->snippet;
    bool is_block = node->type == YAML_SCALAR_NODE &&
                    node->data.scalar.style == YAML_LITERAL_SCALAR_STYLE;
    snippet->line = (uint32_t)node->start_mark.line + (is_block ? 2 : 1);
    return read_text(reader, node, "code", &snippet->code);
}

static bool read_snippet(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"about", read_about}, {"code", read_code}, {NULL, NULL}};
    snippet_reader(reader)->snippet = (ContextSnippet){.about = ""};
    if (!node_read_keys(reader, node, "a test", keys)) return false;
    return snippet_reader(reader)->snippet.code ||
           node_fail(reader, node, 0, "a test needs 'code'");
}

static bool read_all(SnippetReader *reader, ContextSnippets *out)
{
    yaml_node_t *root = yaml_document_get_root_node(&reader->base.document);
    yaml_node_t *tests = root && root->type == YAML_MAPPING_NODE
                             ? node_find(&reader->base, root, "tests")
                             : NULL;
    if (!tests) return true;
    if (!node_is_short(&reader->base, tests, "tests")) return false;
    for (uint32_t i = 0; i < node_length(tests); i++) {
        if (!read_snippet(&reader->base, node_item(&reader->base, tests, i)))
            return false;
        vec_push(reader->arena, &out->list, reader->snippet);
    }
    return true;
}

bool context_snippets(const char *file, const char *text, size_t len, Arena *arena,
                      ContextSnippets *out, Err *err)
{
    SnippetReader reader = {.base = {.file = file, .err = err}, .arena = arena};
    if (!reader_open(&reader.base, text, len)) return false;
    bool ok = read_all(&reader, out);
    yaml_document_delete(&reader.base.document);
    return ok;
}
