/*
 * embed_contexts OUT.c PACK.yaml...: models of contexts as one table in C, made when the program
 * is built. A model with a mistake fails the build.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "context/context.h"

enum { PACK_LIMIT = 4 << 20 };

/* As numbers: no escaping to get wrong, no limit on length. */
static void put_text(Buf *out, int number, const FileText *text)
{
    buf_printf(out, "static const char text_%d[] = {", number);
    for (size_t i = 0; i < text->len; i++)
        buf_printf(out, "%s%d,", i % 32 ? "" : "\n", text->at[i]);
    buf_text(out, "0};\n");
}

/* "libcurl" of "rules/models/context/libcurl.yaml" */
static const char *name_of_path(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return arena_copy(arena, name, strcspn(name, "."));
}

int main(int argc, char **argv)
{
    Err err = {0};
    Arena *arena = arena_new("embed");
    ContextModel model;
    context_init(&model, arena, names_new(arena));
    Buf out, table;
    buf_init(&out, arena);
    buf_init(&table, arena);
    buf_text(&out, "/* Made from rules/models/context by rules/embed_contexts.c. */\n"
                   "#include \"rules/rules.h\"\n");
    bool ok = argc > 1 || err_set(&err, ERR_USAGE, "usage: embed_contexts OUT.c PACK...");
    for (int i = 2; ok && i < argc; i++) {
        FileText text;
        ok = file_read(argv[i], PACK_LIMIT, arena, &text, &err) &&
             context_load(&model, argv[i], text.at, text.len, NULL, &err);
        if (!ok) break;
        put_text(&out, i, &text);
        buf_printf(&table, "    {\"%s\", text_%d, sizeof text_%d - 1},\n",
                   name_of_path(argv[i], arena), i, i);
    }
    if (ok) {
        buf_printf(&out,
                   "static const ContextPack packs[] = {\n%.*s    {0}};\n"
                   "const ContextPacks all_contexts = {packs, %d};\n",
                   (int)table.n, table.n ? table.at : "", argc - 2);
        ok = file_write(argv[1], out.at, out.n, &err);
    }
    if (!ok) fprintf(stderr, "%s\n", err.text);
    arena_free(arena);
    return ok ? 0 : err_exit_status(err.kind);
}
