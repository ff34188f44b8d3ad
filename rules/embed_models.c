/*
 * embed_models OUT.c PACK.yaml...: the packs as one table in C, made when the program is built.
 * A pack with a mistake, or with a function that another one has, fails the build.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "summary/model_library.h"

enum { PACK_LIMIT = 4 << 20 };

/* As numbers: no escaping to get wrong, no limit on length. */
static void put_text(Buf *out, const ModelLibrary *library)
{
    buf_text(out, "static const char text[] = {");
    for (size_t i = 0; i < library->len; i++)
        buf_printf(out, "%s%d,", i % 32 ? "" : "\n", library->text[i]);
    buf_text(out, "0};\n");
}

static void put_entries(Buf *out, const ModelLibrary *library)
{
    buf_text(out, "static const ModelEntry entries[] = {\n");
    for (uint32_t i = 0; i < library->n; i++) {
        const ModelEntry *entry = &library->entries[i];
        buf_printf(out, "{%u, %u, %u, %u},\n", entry->name, entry->nname, entry->text,
                   entry->ntext);
    }
    buf_text(out, "{0}};\n");
}

static bool add_pack(LibraryBuild *build, const char *path, Err *err)
{
    const char *slash = strrchr(path, '/');
    FileText text;
    return file_read(path, PACK_LIMIT, build->arena, &text, err) &&
           library_add(build, slash ? slash + 1 : path, text.at, text.len, err);
}

int main(int argc, char **argv)
{
    Err err = {0};
    Arena *arena = arena_new("embed");
    LibraryBuild build;
    library_begin(&build, arena);
    bool ok = argc > 1 || err_set(&err, ERR_USAGE, "usage: embed_models OUT.c PACK...");
    for (int i = 2; ok && i < argc; i++)
        ok = add_pack(&build, argv[i], &err);
    ModelLibrary library;
    ok = ok && library_end(&build, &library, &err);
    if (ok) {
        Buf out;
        buf_init(&out, arena);
        buf_text(&out, "/* Made from rules/models by rules/embed_models.c. */\n"
                       "#include \"rules/rules.h\"\n");
        put_text(&out, &library);
        put_entries(&out, &library);
        buf_printf(&out,
                   "const ModelLibrary all_models = {text, sizeof text - 1, entries, "
                   "%u};\n",
                   library.n);
        ok = file_write(argv[1], out.at, out.n, &err);
    }
    if (!ok) fprintf(stderr, "%s\n", err.text);
    arena_free(arena);
    return ok ? 0 : err_exit_status(err.kind);
}
