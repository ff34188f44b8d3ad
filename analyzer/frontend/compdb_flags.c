/*
 * Compiler flags: which of them libclang may see.
 *
 * A command line comes from somebody else's build. Flags are an allowlist, because the rest
 * overwrites the user's files (-MD, -save-temps), needs what is not there (-fprofile-use,
 * -fplugin) or only makes noise (-W*, gcc's own -f and -m). What changes the meaning of the
 * source stays: macros, include folders, language, ABI.
 */
#include "frontend/compdb.h"

#include <string.h>

#include "base/file.h"

/* How an option takes its value. */
typedef enum Shape {
    ALONE,  /* has none */
    JOINED, /* in the same word */
    NEXT,   /* in the next word */
    EITHER  /* in the same word, or the next one when nothing follows */
} Shape;

typedef enum Action {
    DROP,
    KEEP,     /* as it is */
    GLUE,     /* value joined to the option, whichever way it was written */
    SPLIT,    /* option and value as two words */
    UNWRAP,   /* the value is an option of its own */
    OTHER,    /* the command does something else than compile */
    LANGUAGE, /* -x */
    STANDARD, /* -std= */
    TARGET    /* --target */
} Action;

typedef struct Flag {
    const char *text;
    Shape shape;
    Action action;
} Flag;

static const Flag flags[] = {
#define FLAG(text, shape, action) {text, shape, action},
#include "frontend/flags.def"
#undef FLAG
};

/* One option as met: what to do, and its value ("" none). */
typedef struct Met {
    const Flag *flag; /* NULL: not an option, or not listed */
    const char *value;
    bool took_next;
} Met;

static bool is_language(const char *name)
{
    static const char *const names[] = {"c",   "cpp-output", "none", "assembler",
                                        "ir",  "cuda",       "hip",  "d",
                                        "ada", "go",         "lto"};
    static const char *const starts[] = {
        "c-", "c++", "objective-c", "objc", "f77", "f95", "assembler-", "cl", "hlsl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i])) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (!strncmp(name, starts[i], strlen(starts[i]))) return true;
    return false;
}

static Met flag_meet(const char *word, const char *next)
{
    if (!next) next = "";
    for (size_t i = 0; word[0] == '-' && i < sizeof flags / sizeof *flags; i++) {
        const Flag *flag = &flags[i];
        size_t len = strlen(flag->text);
        if (strncmp(word, flag->text, len) != 0) continue;
        const char *rest = word + len;
        /* "-xHost", "-xO3": other compilers tune with what is gcc's -x. */
        if (flag->action == LANGUAGE && *rest && !is_language(rest)) continue;
        switch (flag->shape) {
        case ALONE:
            if (!*rest) return (Met){flag, "", false};
            break;
        case JOINED:
            /* -Xlinker, -Xassembler, -Xarch_x: their value is the next word. */
            if (!strcmp(flag->text, "-X")) return (Met){flag, next, true};
            return (Met){flag, rest, false};
        case NEXT:
            if (!*rest) return (Met){flag, next, true};
            break;
        case EITHER: return *rest ? (Met){flag, rest, false} : (Met){flag, next, true};
        }
    }
    return (Met){0};
}

/* "-Wp,-include,x.h": commas part the words. The preprocessor's own -MD takes a file. */
static void push_preprocessor_words(const char *list, Arena *arena, Words *out)
{
    for (bool is_file = false; *list; list += *list == ',') {
        size_t len = strcspn(list, ",");
        const char *word = arena_copy(arena, list, len);
        list += len;
        bool names_file = !strcmp(word, "-MD") || !strcmp(word, "-MMD");
        if (!is_file && !names_file) vec_push(arena, out, word);
        is_file = names_file;
    }
}

/* Words behind "-Xclang" and the like stand as if they had been written alone. */
static Words flags_unwrap(const char *const *args, uint32_t narg, Arena *arena)
{
    Words out = {0};
    for (uint32_t i = 0; i < narg; i++) {
        Met met = flag_meet(args[i], i + 1 < narg ? args[i + 1] : NULL);
        if (!met.flag || met.flag->action != UNWRAP) {
            vec_push(arena, &out, args[i]);
        } else if (met.took_next) {
            i++;
            if (i < narg) vec_push(arena, &out, args[i]);
        } else {
            push_preprocessor_words(met.value, arena, &out);
        }
    }
    return out;
}

CommandShape flags_shape(const char *const *args, uint32_t narg, Arena *arena)
{
    CommandShape shape = {0};
    Words words = flags_unwrap(args, narg, arena);
    bool only_inputs = false;
    for (uint32_t i = 1; i < words.n; i++) {
        const char *word = words.at[i];
        if (only_inputs || word[0] != '-' || !word[1]) {
            vec_push(arena, &shape.inputs, word);
        } else if (!strcmp(word, "--")) {
            only_inputs = true;
        } else {
            Met met = flag_meet(word, i + 1 < words.n ? words.at[i + 1] : NULL);
            if (!met.flag) continue;
            if (met.flag->action == OTHER) shape.is_other_work = true;
            if (met.flag->action == LANGUAGE) shape.language = met.value;
            i += met.took_next;
        }
    }
    return shape;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool flags_is_c(const char *compiler, const char *language, const char *file)
{
    if (language && strcmp(language, "none") != 0)
        return !strcmp(language, "c") || !strcmp(language, "cpp-output");
    if (strstr(base_of(compiler), "++")) return false;
    const char *dot = strrchr(base_of(file), '.');
    return dot && (!strcmp(dot, ".c") || !strcmp(dot, ".i"));
}

/* Where a cross compiler keeps its C library, when that can be told from where it stands. */
static void push_cross_headers(const char *compiler, const char *target, Arena *arena,
                               Words *out)
{
    const char *slash = strrchr(compiler, '/');
    if (slash) {
        const char *bin = arena_copy(arena, compiler, (size_t)(slash - compiler));
        const char *home = path_join(arena, bin, arena_printf(arena, "../%s", target));
        const char *sysroot = path_join(arena, home, "sysroot");
        if (file_exists(sysroot)) {
            vec_push(arena, out, arena_printf(arena, "--sysroot=%s", sysroot));
            return;
        }
        const char *headers = path_join(arena, home, "include");
        if (file_exists(headers)) {
            vec_push(arena, out, "-idirafter");
            vec_push(arena, out, headers);
            return;
        }
    }
    const char *newlib = arena_printf(arena, "/usr/lib/%s/include", target);
    if (!file_exists(newlib)) return;
    vec_push(arena, out, "-idirafter");
    vec_push(arena, out, newlib);
}

/* Standards that this libclang does not know end the parse: take its latest one. */
static const char *standard_of(const char *name, Arena *arena)
{
    static const char *const known[] = {
        "c89",          "c90",          "c99",          "c9x",
        "c11",          "c1x",          "c17",          "c18",
        "c23",          "c2x",          "c2y",          "gnu89",
        "gnu90",        "gnu99",        "gnu9x",        "gnu11",
        "gnu1x",        "gnu17",        "gnu18",        "gnu23",
        "gnu2x",        "gnu2y",        "iso9899:1990", "iso9899:199409",
        "iso9899:1999", "iso9899:199x", "iso9899:2011", "iso9899:2017",
        "iso9899:2018", "iso9899:2024"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i])) return arena_printf(arena, "-std=%s", name);
    if (strstr(name, "++")) return NULL;
    return !strncmp(name, "gnu", 3) ? "-std=gnu2y" : "-std=c2y";
}

static void flag_push(const Met *met, const char *word, Arena *arena, Words *out)
{
    const char *option = met->flag->text;
    switch (met->flag->action) {
    case DROP:
    case UNWRAP:
    case OTHER: break;
    case KEEP:
        /* clang has the useful half of plan9 under another name. */
        vec_push(arena, out,
                 !strcmp(word, "-fplan9-extensions") ? "-fms-extensions" : word);
        break;
    case GLUE:
        vec_push(arena, out, arena_printf(arena, "%s%s", option, met->value));
        break;
    case LANGUAGE:
        vec_push(arena, out, "-x");
        vec_push(arena, out, met->value);
        break;
    case SPLIT:
        vec_push(arena, out, option);
        vec_push(arena, out, met->value);
        break;
    case STANDARD: {
        const char *standard = standard_of(met->value, arena);
        if (standard) vec_push(arena, out, standard);
        break;
    }
    case TARGET:
        vec_push(arena, out, arena_printf(arena, "--target=%s", met->value));
        break;
    }
}

static bool has_flag(const Words *words, const char *start)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (!strncmp(words->at[i], start, strlen(start))) return true;
    return false;
}

const char **compdb_clang_args(const Command *command, Arena *arena, uint32_t *n)
{
    Words out = {0};
    Words words = flags_unwrap(command->args, command->narg, arena);
    for (uint32_t i = 1; i < words.n && strcmp(words.at[i], "--") != 0; i++) {
        const char *word = words.at[i];
        Met met = flag_meet(word, i + 1 < words.n ? words.at[i + 1] : NULL);
        if (met.flag) {
            flag_push(&met, word, arena, &out);
            i += met.took_next;
        } else if (word[0] == '@') {
            vec_push(arena, &out, word); /* a lost response file: no clean run */
        }
    }
    const char *target =
        has_flag(&out, "--target=") ? NULL : driver_target(command->args[0], arena);
    if (target) {
        vec_push(arena, &out, arena_printf(arena, "--target=%s", target));
        if (!has_flag(&out, "--sysroot") && !has_flag(&out, "-isysroot") &&
            !has_flag(&out, "-nostd"))
            push_cross_headers(command->args[0], target, arena, &out);
    }
    vec_push(arena, &out, "-w");
    /* gcc warns of these and builds; clang 19 makes them errors. */
    vec_push(arena, &out, "-Wno-error=implicit-function-declaration");
    vec_push(arena, &out, "-Wno-error=implicit-int");
    vec_push(arena, &out, "-Wno-error=int-conversion");
    vec_push(arena, &out, "-Wno-error=incompatible-function-pointer-types");
    vec_push(arena, &out, "-Wno-error=return-type");
    vec_push(arena, &out, "-ferror-limit=0");
    vec_push(arena, &out,
             "-fbracket-depth=1024"); /* gcc has no such limit, clang's is 256 */
    vec_push(arena, &out, "-Wno-unknown-warning-option");
    vec_push(arena, &out, "-Qunused-arguments");
    if (command->root) /* __FILE__ must not tell where the tree was checked out */
        vec_push(arena, &out,
                 arena_printf(arena, "-fmacro-prefix-map=%s/=", command->root));
    vec_push(arena, &out,
             arena_printf(arena, "-working-directory=%s", command->directory));
    *n = out.n;
    return out.at;
}
