/*
 * Packs cut into functions: a library is the text of every function and a sorted table of
 * where each stands. It is made when the program is built, so that a mistake in a pack fails the
 * build, and a run reads the few functions it meets instead of all.
 */
#include "summary/model_library.h"

#include <stdlib.h>
#include <string.h>

#include "summary/model_reader.h"

/* --- one entry --------------------------------------------------------------------------- */

/* NULL: see err. */
static Summary *read_entry(Models *models, const char *file, const char *text, size_t len,
                           const Name *name, Err *err)
{
    ModelReader reader = {.models = models, .file = file, .err = err};
    if (!reader_open(&reader, text, len)) return NULL;
    yaml_node_t *root = yaml_document_get_root_node(&reader.document);
    bool ok = root && root->type == YAML_MAPPING_NODE && node_pairs(root) == 1;
    if (!ok) err_set(err, ERR_CONFIG, "%s:1:1: this is not one function", file);
    model_begin(&reader.build, models, name->text);
    ok = ok && read_function(&reader,
                             node_get(&reader, root->data.mapping.pairs.start[0].value));
    yaml_document_delete(&reader.document);
    return ok ? reader.build.summary : NULL;
}

Summary *model_read_entry(Models *models, const char *text, size_t len, const Name *name)
{
    Err err = {0};
    Summary *summary = read_entry(models, name->text, text, len, name, &err);
    if (!summary) BUG("%s", err.text);
    return summary;
}

/* --- the library ------------------------------------------------------------------------- */

/* A pack at work: places in `text` are places in its file. */
typedef struct Cutter {
    LibraryBuild *build;
    ModelReader reader;
    const char *text;
} Cutter;

void library_begin(LibraryBuild *build, Arena *arena)
{
    *build = (LibraryBuild){.arena = arena};
    buf_init(&build->text, arena);
}

/* The YAML reader ends an entry where the next begins: what is between is not part of it. */
static size_t entry_length(const char *text, size_t len)
{
    for (;;) {
        while (len && strchr(" \n", text[len - 1]))
            len--;
        size_t start = len;
        while (start && text[start - 1] != '\n')
            start--;
        size_t blanks = strspn(text + start, " ");
        if (start + blanks >= len || text[start + blanks] != '#') return len;
        len = start;
    }
}

static uint32_t put_name(LibraryBuild *build, const yaml_node_t *node)
{
    uint32_t at = (uint32_t)build->text.n;
    buf_printf(&build->text, "%s ", (const char *)node->data.scalar.value);
    return at;
}

static void put_entry(LibraryBuild *build, const yaml_node_t *name, ModelEntry entry)
{
    entry.name = put_name(build, name);
    entry.nname = (uint32_t)name->data.scalar.length;
    vec_push(build->arena, &build->entries, entry);
}

static bool cut_function(Cutter *cutter, const yaml_node_pair_t *pair)
{
    LibraryBuild *build = cutter->build;
    ModelReader *reader = &cutter->reader;
    yaml_node_t *key = node_get(reader, pair->key);
    yaml_node_t *value = node_get(reader, pair->value);
    const char *start = cutter->text + key->start_mark.index;
    size_t len = entry_length(start, value->end_mark.index - key->start_mark.index);
    const Name *name =
        name_of(reader->models->names, (const char *)key->data.scalar.value);
    if (!read_entry(reader->models, "it", start, len, name, reader->err))
        return err_while(reader->err, "%s:%zu: alone, '%s' cannot be read", reader->file,
                         key->start_mark.line + 1, name->text);
    ModelEntry entry = {.text = (uint32_t)build->text.n, .ntext = (uint32_t)len};
    buf_put(&build->text, start, len);
    buf_text(&build->text, "\n");
    put_entry(build, key, entry);
    yaml_node_t *also = node_find(reader, value, "also");
    for (uint32_t i = 0; also && i < node_length(also); i++)
        put_entry(build, node_item(reader, also, i), entry);
    return true;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] > 127) return false;
    return true;
}

bool library_add(LibraryBuild *build, const char *file, const char *text, size_t len,
                 Err *err)
{
    if (!is_ascii(text, len))
        return err_set(err, ERR_CONFIG, "%s: a pack that is built in is plain ASCII",
                       file);
    Models models;
    models_init(&models, build->arena, names_new(build->arena));
    if (!models_load(&models, file, text, len, err)) return false;
    Cutter cutter = {build, {.models = &models, .file = file, .err = err}, text};
    if (!reader_open(&cutter.reader, text, len)) return false;
    yaml_node_t *root = yaml_document_get_root_node(&cutter.reader.document);
    const yaml_node_t *functions = node_find(&cutter.reader, root, "functions");
    bool ok = true;
    for (uint32_t i = 0; ok && i < node_pairs(functions); i++)
        ok = cut_function(&cutter, &functions->data.mapping.pairs.start[i]);
    yaml_document_delete(&cutter.reader.document);
    return ok;
}

static int entry_compare(const void *a, const void *b, void *text)
{
    const ModelEntry *left = a, *right = b;
    uint32_t least = left->nname < right->nname ? left->nname : right->nname;
    int order =
        memcmp((const char *)text + left->name, (const char *)text + right->name, least);
    return order ? order : (left->nname > right->nname) - (left->nname < right->nname);
}

bool library_end(LibraryBuild *build, ModelLibrary *library, Err *err)
{
    ModelEntry *entries = build->entries.at;
    uint32_t n = build->entries.n;
    if (n) qsort_r(entries, n, sizeof *entries, entry_compare, build->text.at);
    for (uint32_t i = 1; i < n; i++)
        if (!entry_compare(&entries[i - 1], &entries[i], build->text.at))
            return err_set(err, ERR_CONFIG, "two packs have the function '%.*s'",
                           (int)entries[i].nname, build->text.at + entries[i].name);
    *library = (ModelLibrary){build->text.at, build->text.n, entries, n};
    return true;
}
