/*
 * The packs in rules/models against the real headers of their libraries: every function is
 * declared, takes as many parameters as the model says, and has pointers where the model speaks of
 * pointers. A translation unit that names every function is parsed as any other is, and what
 * comes out is held against the models.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/frontend.h"
#include "summary/model.h"

enum { MOST_FLAGS = 32, MOST_VARIANTS = 4 };

/* Where a pack's headers are: a module of pkg-config, or several when the library comes in
 * versions that differ; each function must be right for one of them at least. */
typedef struct Library {
    const char *pack;
    const char *modules[MOST_VARIANTS + 1];
    const char *flag; /* besides -D_GNU_SOURCE */
} Library;

static const Library libraries[] = {
    {"libc", {"-"}, NULL},
    {"posix", {"-"}, NULL},
    {"gnu", {"-"}, NULL},
    {"glibc", {"-"}, NULL},
    {"bsd", {"libbsd"}, NULL},
    {"lfs", {"-"}, NULL},
    {"libcrypto", {"openssl"}, NULL},
    {"libssl", {"openssl"}, NULL},
    {"zlib", {"zlib"}, NULL},
    {"pcre2", {"libpcre2-8"}, "-DPCRE2_CODE_UNIT_WIDTH=0"},
    {"cjson", {"libcjson"}, NULL},
    {"hiredis", {"hiredis"}, NULL},
    {"sqlite3", {"sqlite3"}, NULL},
    {"libevent", {"libevent"}, NULL},
    {"jansson", {"jansson"}, NULL},
    {"expat", {"expat"}, NULL},
    {"libyaml", {"yaml-0.1"}, NULL},
    {"glib", {"gobject-2.0"}, NULL},
    {"gnutls", {"gnutls"}, NULL},
    {"gssapi", {"krb5-gssapi"}, NULL},
    {"libcurl", {"libcurl"}, NULL},
    {"libssh2", {"libssh2"}, NULL},
    {"openldap", {"ldap"}, NULL},
    {"libmicrohttpd", {"libmicrohttpd"}, NULL},
    {"libpq", {"libpq"}, NULL},
    {"librdkafka", {"rdkafka"}, NULL},
    {"libuv", {"libuv"}, NULL},
    {"libxml2", {"libxml-2.0"}, NULL},
    {"mysql", {"libmariadb"}, NULL},
    {"nghttp2", {"libnghttp2"}, NULL},
    {"systemd", {"libsystemd"}, NULL},
    {"zstd", {"libzstd"}, NULL},
    {"lua", {"lua5.4", "lua5.3", "lua5.2", "lua5.1"}, NULL},
};

/* Functions of other versions than those installed here, compared by hand: how their names
 * begin. */
static const char *const elsewhere[] = {
    "SSL_get_peer_certificate", /* OpenSSL before 3 */
    "hi_sds",                   /* hiredis 1 */
    "issetugid",                /* BSD itself */
};

/* One pack against one version of its library. */
typedef struct Trial {
    Arena *arena;
    Models models;
    const char *headers; /* "a.h, b.h" */
    const Unit *unit;
} Trial;

/* --- the translation unit ---------------------------------------------------------------- */

/* What stands in `headers: [...]`, line breaks included. */
static const char *headers_of(Arena *arena, const char *text)
{
    const char *at = strstr(text, "\nheaders: [");
    if (!at) fail_msg("the pack has no headers");
    at += strlen("\nheaders: [");
    return arena_copy(arena, at, strcspn(at, "]"));
}

static void put_source(const Trial *trial, Buf *out)
{
    buf_text(out, "#include <string.h>\n"); /* its basename, before <libgen.h> hides it */
    for (const char *at = trial->headers; *at;) {
        size_t len = strcspn(at, ",");
        buf_printf(out, "#include <%.*s>\n", (int)len, at);
        at += len + (at[len] == ',');
        at += strspn(at, " \n");
    }
    for (uint32_t i = 0; i < trial->models.all.n; i++) {
        const char *name = trial->models.all.at[i]->link_name->text;
        /* A statement each: one that is not declared takes no other along. */
        buf_printf(
            out, "#undef %s\nvoid use_%s(const void **p) { *p = (const void *)(%s); }\n",
            name, name, name);
    }
}

static uint32_t ask_pkg_config(Arena *arena, const char *module, const char **flags)
{
    char line[2048] = "";
    FILE *pipe = popen(arena_printf(arena, "pkg-config --cflags %s", module), "r");
    assert_non_null(pipe);
    if (!fgets(line, sizeof line, pipe)) line[0] = 0;
    if (pclose(pipe) != 0)
        fail_msg("%s is not installed: ./dev test installs what the tests need", module);
    uint32_t n = 0;
    for (char *at = line + strspn(line, " \n"); *at && n < MOST_FLAGS;) {
        size_t len = strcspn(at, " \n");
        flags[n++] = arena_copy(arena, at, len);
        at += len + strspn(at + len, " \n");
    }
    return n;
}

static void parse(Trial *trial, const char *module, const char *flag)
{
    const char *args[MOST_FLAGS + 8] = {"cc", "-std=gnu17", "-D_GNU_SOURCE", "-w", "-c"};
    uint32_t n = 5;
    if (strcmp(module, "-") != 0) n += ask_pkg_config(trial->arena, module, args + n);
    if (flag) args[n++] = flag;
    char folder[] = "/tmp/sluice-packs-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(trial->arena, "%s/use.c", folder);
    args[n++] = path;
    Buf source;
    Err err = {0};
    buf_init(&source, trial->arena);
    put_source(trial, &source);
    assert_true(file_write(path, source.at, source.n, &err));
    CommandList list = {0};
    assert_true(compdb_from_args(folder, args, n, trial->arena, &list, &err));
    assert_int_equal(list.n, 1);
    Frontend *frontend = frontend_new();
    Extracted extracted;
    assert_true(frontend_extract(frontend, &list.at[0], folder, trial->models.names,
                                 trial->arena, &extracted, &err));
    frontend_free(frontend);
    unlink(path);
    rmdir(folder);
    trial->unit = extracted.unit;
    for (uint32_t i = 0; i < trial->unit->nnote; i++)
        if (trial->unit->notes[i].kind == NOTE_MISSING)
            fail_msg("%s: %s", module, trial->unit->notes[i].text->text);
}

/* --- a model against a declaration ------------------------------------------------------- */

static const Fn *declared(const Trial *trial, const Name *name)
{
    for (uint32_t i = 1; i < trial->unit->nfn; i++)
        if (trial->unit->fns[i].name == name) return &trial->unit->fns[i];
    return NULL;
}

/* The parameter that a term is, or is reached from; -1: none. */
static int param_of(const Summary *summary, TermId id)
{
    const SummaryTerm *term = &summary->terms[id];
    return term->kind == TERM_PARAM ? (int)term->imm : -1;
}

static bool is_pointer(const Fn *fn, int param)
{
    TypeKind kind = fn->params[param].type.kind;
    return kind == TYPE_POINTER || kind == TYPE_AGGREGATE; /* a va_list can be either */
}

/* NULL, or what a guard says of a parameter that its type cannot be. */
static const char *wrong_guards(const Summary *summary, const Fn *fn, const Guard *guards,
                                uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int param = param_of(summary, guards[i].term);
        if (param < 0) continue;
        bool is_class = guards[i].range.classes != CLASS_ANY;
        if (is_class != (fn->params[param].type.kind == TYPE_POINTER))
            return is_class ? "an integer is compared with null"
                            : "a pointer is compared with an integer";
    }
    return NULL;
}

static const char *wrong_result(const Summary *summary, const Fn *fn,
                                const Outcome *outcome)
{
    if (!outcome->result) return NULL;
    int param = param_of(summary, outcome->result);
    const Range *range = &outcome->result_range;
    bool is_integer =
        range->classes == CLASS_ANY &&
        (range->has_hole || range->low != INT64_MIN || range->high != INT64_MAX);
    TypeKind kind = fn->result.kind;
    if (param >= 0) return kind == TYPE_POINTER ? NULL : "a parameter is not its result";
    if (range->classes != CLASS_ANY && kind != TYPE_POINTER)
        return "its result is no pointer";
    if (is_integer && kind == TYPE_POINTER) return "its result is a pointer";
    if (is_integer && kind == TYPE_VOID) return "it has no result";
    return NULL;
}

static const char *wrong_outcomes(const Summary *summary, const Fn *fn)
{
    for (uint32_t i = 0; i < summary->noutcome; i++) {
        const Outcome *outcome = &summary->outcomes[i];
        const char *wrong = wrong_guards(summary, fn, outcome->guards, outcome->nguard);
        if (!wrong) wrong = wrong_result(summary, fn, outcome);
        if (wrong) return wrong;
        for (uint32_t k = 0; k < outcome->nunset; k++) {
            int param = param_of(summary, outcome->unset[k]);
            if (param >= 0 && !is_pointer(fn, param)) return "it cannot leave an integer";
        }
    }
    return NULL;
}

static const char *wrong_pointers(const Summary *summary, const Fn *fn)
{
    for (uint32_t i = 0; i < summary->nlatent; i++) {
        const Latent *latent = &summary->latents[i];
        int param = param_of(summary, latent->term);
        if (param >= 0 && !is_pointer(fn, param)) return "an integer is never null";
        const char *wrong = wrong_guards(summary, fn, latent->guards, latent->nguard);
        if (wrong) return wrong;
    }
    for (uint32_t i = 0; i < summary->nclobber; i++) {
        int param = param_of(summary, summary->clobbers[i]);
        if (param >= 0 && !is_pointer(fn, param)) return "nothing is behind an integer";
    }
    for (uint32_t i = 0; i < summary->ninvoke; i++) {
        int param = param_of(summary, summary->invokes[i].callee);
        if (param >= 0 && !fn->params[param].type.to_function)
            return "what it calls is no function";
    }
    for (uint32_t i = 1; i < summary->nterm; i++) {
        const SummaryTerm *term = &summary->terms[i];
        int param = term->kind == TERM_INIT ? param_of(summary, term->a) : -1;
        if (param >= 0 && !is_pointer(fn, param)) return "nothing is behind an integer";
    }
    return NULL;
}

static bool is_elsewhere(const Name *name)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (!strncmp(elsewhere[i], name->text, strlen(elsewhere[i]))) return true;
    return false;
}

/* NULL: the model fits what the header declares. */
static const char *wrong_model(const Trial *trial, const Summary *summary)
{
    const Fn *fn = declared(trial, summary->link_name);
    if (is_elsewhere(summary->link_name)) return fn ? "it is declared after all" : NULL;
    if (!fn) return "it is not declared";
    if (fn->nparam != summary->nparam)
        return arena_printf(trial->arena, "it takes %u parameters, not %u", fn->nparam,
                            summary->nparam);
    const char *wrong = wrong_pointers(summary, fn);
    return wrong ? wrong : wrong_outcomes(summary, fn);
}

/* --- the packs --------------------------------------------------------------------------- */

static Trial *trials_of(const Library *library, const char *text, size_t len,
                        Arena *arena, uint32_t *n)
{
    Trial *trials = ARENA_ARRAY(arena, Trial, MOST_VARIANTS);
    for (*n = 0; library->modules[*n]; ++*n) {
        Trial *trial = &trials[*n];
        Err err = {0};
        trial->arena = arena;
        models_init(&trial->models, arena, names_new(arena));
        if (!models_load(&trial->models, library->pack, text, len, &err))
            fail_msg("%s", err.text);
        trial->headers = headers_of(arena, text);
        parse(trial, library->modules[*n], library->flag);
    }
    return trials;
}

/* A line for every model that is wrong, in the order of the pack. */
static const char *complaints(const Library *library, const char *text, size_t len,
                              Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_text(&out, "");
    uint32_t n = 0;
    Trial *trials = trials_of(library, text, len, arena, &n);
    for (uint32_t i = 0; i < trials[0].models.all.n; i++) {
        const char *wrong = "", *here = NULL;
        for (uint32_t k = 0; k < n && wrong; k++) {
            here = wrong_model(&trials[k], trials[k].models.all.at[i]);
            if (!here || !*wrong || strncmp(here, "it is not", 9) != 0) wrong = here;
        }
        if (wrong)
            buf_printf(&out, "%s: %s: %s\n", library->pack,
                       trials[0].models.all.at[i]->link_name->text, wrong);
    }
    return out.at;
}

static void packs_fit_their_headers(void **state)
{
    (void)state;
    bool ok = true;
    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        Arena *arena = arena_new("test");
        Err err = {0};
        FileText text;
        const char *path = arena_printf(arena, "rules/models/%s.yaml", libraries[i].pack);
        if (!file_read(path, 1 << 22, arena, &text, &err)) fail_msg("%s", err.text);
        const char *wrong = complaints(&libraries[i], text.at, text.len, arena);
        fputs(wrong, stderr);
        if (*wrong) ok = false;
        arena_free(arena);
    }
    assert_true(ok);
}

/* The test can fail: each of these models is wrong in its own way, and the last is right. */
static void mistakes_are_found(void **state)
{
    (void)state;
    static const char pack[] =
        "version: 1\n"
        "pack: wrong\n"
        "headers: [stdlib.h, string.h,\n"
        "          stdio.h]\n"
        "functions:\n"
        "  strlenn: {params: [s]}\n"
        "  strlen: {params: [s, n]}\n"
        "  abs: {params: [n], nonnull: [n]}\n"
        "  atoi: {params: [s], returns: nonnull}\n"
        "  malloc: {params: [n], returns: \">= 0\"}\n"
        "  free: {params: [p], returns: \"0\"}\n"
        "  calloc: {params: [n, m], writes: [n]}\n"
        "  labs: {params: [n], sets: {\"*n\": nonnull}}\n"
        "  getenv: {params: [s], calls: [\"s()\"]}\n"
        "  strcpy: {params: [a, b], outcomes: [{when: a == 0, returns: a}]}\n"
        "  exit: {params: [n], outcomes: [{when: n == null}]}\n"
        "  rand: {params: [], returns: \">= 0\"}\n";
    static const char expected[] =
        "wrong: strlenn: it is not declared\n"
        "wrong: strlen: it takes 1 parameters, not 2\n"
        "wrong: abs: an integer is never null\n"
        "wrong: atoi: its result is no pointer\n"
        "wrong: malloc: its result is a pointer\n"
        "wrong: free: it has no result\n"
        "wrong: calloc: nothing is behind an integer\n"
        "wrong: labs: nothing is behind an integer\n"
        "wrong: getenv: what it calls is no function\n"
        "wrong: strcpy: a pointer is compared with an integer\n"
        "wrong: exit: an integer is compared with null\n";
    static const Library library = {"wrong", {"-"}, NULL};
    Arena *arena = arena_new("test");
    assert_string_equal(complaints(&library, pack, strlen(pack), arena), expected);
    arena_free(arena);
}

static void every_pack_is_compared(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob("rules/models/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        size_t len = strlen(name) - strlen(".yaml");
        bool is_known = !strcmp(name, "compiler.yaml"); /* its functions have no header */
        for (size_t k = 0; k < sizeof libraries / sizeof libraries[0]; k++)
            if (strlen(libraries[k].pack) == len && !memcmp(libraries[k].pack, name, len))
                is_known = true;
        if (!is_known) fail_msg("%s is compared with no header", name);
    }
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_found),
        cmocka_unit_test(every_pack_is_compared),
        cmocka_unit_test(packs_fit_their_headers),
    };
    return cmocka_run_group_tests_name("run packs", tests, NULL, NULL);
}
