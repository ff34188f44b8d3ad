/* The packs in rules/models: they load, and name only functions that the headers declare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "summary/model.h"

static const char *const packs[] = {"libc", "posix", "gnu", "bsd", "compiler"};
enum { PACKS = sizeof packs / sizeof packs[0] };

static void load(Models *models, const char *pack, FileText *text)
{
    Err err = {0};
    const char *path = arena_printf(models->arena, "rules/models/%s.yaml", pack);
    if (!file_read(path, 1 << 24, models->arena, text, &err)) fail_msg("%s", err.text);
    if (!models_load(models, path, text->at, text->len, &err)) fail_msg("%s", err.text);
}

static void packs_do_not_overlap(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Models all;
    models_init(&all, arena, names_new(arena));
    uint32_t sum = 0;
    for (int i = 0; i < PACKS; i++) {
        Models one;
        FileText text;
        models_init(&one, arena, names_new(arena));
        load(&one, packs[i], &text);
        load(&all, packs[i], &text);
        sum += one.all.n;
    }
    assert_int_equal(all.all.n, sum);
    assert_true(sum > 1000);
    arena_free(arena);
}

static const Summary *model_of(Models *models, const char *name)
{
    const Summary *summary = models_find(models, name_of(models->names, name));
    if (!summary) fail_msg("there is no model of %s", name);
    return summary;
}

/* Spot checks of what the path engine leans on. */
static void models_say_what_they_should(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Models models;
    FileText text;
    models_init(&models, arena, names_new(arena));
    for (int i = 0; i < PACKS; i++)
        load(&models, packs[i], &text);
    assert_true(model_of(&models, "abort")->flags & SUMMARY_NORETURN);
    const Summary *strdup_model = model_of(&models, "strdup");
    assert_int_equal(strdup_model->outcomes[1].origin, ORIGIN_ALLOC);
    assert_int_equal(strdup_model->latents[0].kind, LATENT_NONNULL);
    const Summary *copy = model_of(&models, "memcpy");
    assert_int_equal(copy->nlatent, 2);
    assert_int_equal(copy->latents[0].nguard, 1);
    assert_int_equal(copy->outcomes[0].effects[0].kind, EFFECT_COPY);
    const Summary *env = model_of(&models, "getenv");
    assert_int_equal(env->outcomes[1].nature, NATURE_OPTIONAL);
    assert_int_equal(model_of(&models, "free")->nlatent, 0);
    assert_int_equal(model_of(&models, "fclose")->nlatent, 1);
    assert_int_equal(model_of(&models, "pthread_create")->ninvoke, 1);
    const Summary *map = model_of(&models, "mmap");
    assert_int_equal(map->outcomes[0].result_range.classes, CLASS_VALID | CLASS_ERR);
    assert_int_equal(model_of(&models, "getaddrinfo")->outcomes[1].nunset, 1);
    arena_free(arena);
}

static void put_includes(FILE *out, const char *text)
{
    const char *at = strstr(text, "\nheaders: [");
    if (!at) return;
    at += strlen("\nheaders: [");
    while (*at != ']') {
        size_t len = strcspn(at, ",]");
        fprintf(out, "#include <%.*s>\n", (int)len, at);
        at += len + (at[len] == ',');
        at += strspn(at, " \n");
    }
}

/* Takes the address of every function of a pack after including the headers it names. */
static void headers_declare_them(const char *pack)
{
#ifdef __GLIBC__
    Arena *arena = arena_new("test");
    Models models;
    FileText text;
    models_init(&models, arena, names_new(arena));
    load(&models, pack, &text);
    FILE *cc = popen("cc -std=gnu17 -w -fsyntax-only -x c -", "w");
    assert_non_null(cc);
    fputs("#define _GNU_SOURCE\n", cc);
    put_includes(cc, text.at);
    fputs("const void *const all[] = {\n", cc);
    for (uint32_t i = 0; i < models.all.n; i++)
        fprintf(cc, "(const void *)(%s),\n", models.all.at[i]->link_name->text);
    fputs("};\n", cc);
    assert_int_equal(pclose(cc), 0);
    arena_free(arena);
#else
    (void)pack;
    skip();
#endif
}

static void libc_is_declared(void **state)
{
    (void)state;
    headers_declare_them("libc");
}

static void posix_is_declared(void **state)
{
    (void)state;
    headers_declare_them("posix");
}

static void gnu_is_declared(void **state)
{
    (void)state;
    headers_declare_them("gnu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_do_not_overlap),
        cmocka_unit_test(models_say_what_they_should),
        cmocka_unit_test(libc_is_declared),
        cmocka_unit_test(posix_is_declared),
        cmocka_unit_test(gnu_is_declared),
    };
    return cmocka_run_group_tests_name("summary packs", tests, NULL, NULL);
}
