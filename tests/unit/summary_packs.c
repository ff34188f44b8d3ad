/* The packs in rules/models: they load, and say what the path engine leans on; as a whole, and
 * cut into the functions that are built in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>

#include "base/file.h"
#include "summary/model_library.h"

/* Every file of rules/models, in order. */
static glob_t packs(void)
{
    glob_t found;
    assert_int_equal(glob("rules/models/*.yaml", 0, NULL, &found), 0);
    return found;
}

static void load(Models *models, const char *path, FileText *text)
{
    Err err = {0};
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
    glob_t paths = packs();
    for (size_t i = 0; i < paths.gl_pathc; i++) {
        Models one;
        FileText text;
        models_init(&one, arena, names_new(arena));
        load(&one, paths.gl_pathv[i], &text);
        load(&all, paths.gl_pathv[i], &text);
        sum += one.all.n;
    }
    assert_int_equal(all.all.n, sum);
    assert_true(sum > 4000);
    globfree(&paths);
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
    load(&models, "rules/models/libc.yaml", &text);
    load(&models, "rules/models/posix.yaml", &text);
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
    assert_int_equal(map->outcomes[0].result_range.classes, CLASS_VALID);
    assert_int_equal(map->outcomes[1].result_range.high, -1);
    assert_int_equal(model_of(&models, "getaddrinfo")->outcomes[1].nunset, 1);
    arena_free(arena);
}

/* What is built in is read function by function: it must say the same as the whole pack. */
static void cut_functions_say_the_same(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Names *names = names_new(arena);
    Models whole, cut;
    models_init(&whole, arena, names);
    models_init(&cut, arena, names);
    LibraryBuild build;
    library_begin(&build, arena);
    Err err = {0};
    glob_t paths = packs();
    for (size_t i = 0; i < paths.gl_pathc; i++) {
        FileText text;
        load(&whole, paths.gl_pathv[i], &text);
        if (!library_add(&build, paths.gl_pathv[i], text.at, text.len, &err))
            fail_msg("%s", err.text);
    }
    globfree(&paths);
    ModelLibrary library;
    assert_true(library_end(&build, &library, &err));
    assert_int_equal(library.n, whole.all.n);
    models_use(&cut, &library);
    for (uint32_t i = 0; i < whole.all.n; i++) {
        const Summary *summary = models_find(&cut, whole.all.at[i]->link_name);
        assert_non_null(summary);
        assert_ptr_equal(models_find(&cut, whole.all.at[i]->link_name), summary);
        Buf one, other;
        buf_init(&one, arena);
        buf_init(&other, arena);
        summary_print(&one, whole.all.at[i]);
        summary_print(&other, summary);
        assert_string_equal(one.at, other.at);
    }
    assert_null(models_find(&cut, name_of(names, "strlenn")));
    assert_null(models_find(&cut, name_of(names, "strle")));
    arena_free(arena);
}

/* A pack that is built in is checked when the program is built. */
static void refuse(const char *text, const char *complaint)
{
    Arena *arena = arena_new("test");
    LibraryBuild build;
    ModelLibrary library;
    Err err = {0};
    library_begin(&build, arena);
    assert_false(library_add(&build, "m.yaml", text, strlen(text), &err) &&
                 library_end(&build, &library, &err));
    assert_string_equal(err.text, complaint);
    arena_free(arena);
}

static void mistakes_fail_the_build(void **state)
{
    (void)state;
    refuse("version: 1\npack: p\nfunctions:\n  f: {params: [a], nonull: [a]}\n",
           "m.yaml:4:20: unknown key 'nonull': did you mean 'nonnull'?");
    refuse("version: 1\npack: p\nfunctions:\n  f: {params: &a []}\n  g: {params: *a}\n",
           "m.yaml:5: alone, 'g' cannot be read: it:1:13: found undefined alias");
    refuse("version: 1\npack: p\xc3\xa9\nfunctions: {}\n",
           "m.yaml: a pack that is built in is plain ASCII");
}

static void two_packs_share_no_function(void **state)
{
    (void)state;
    static const char one[] = "version: 1\npack: p\nfunctions: {f: {params: []}}\n";
    static const char two[] =
        "version: 1\npack: q\nfunctions:\n  e: {params: [], also: [f]}\n  # no more\n";
    Arena *arena = arena_new("test");
    LibraryBuild build;
    ModelLibrary library;
    Err err = {0};
    library_begin(&build, arena);
    assert_true(library_add(&build, "p.yaml", one, strlen(one), &err));
    assert_true(library_add(&build, "q.yaml", two, strlen(two), &err));
    assert_false(library_end(&build, &library, &err));
    assert_string_equal(err.text, "two packs have the function 'f'");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_do_not_overlap),
        cmocka_unit_test(models_say_what_they_should),
        cmocka_unit_test(cut_functions_say_the_same),
        cmocka_unit_test(mistakes_fail_the_build),
        cmocka_unit_test(two_packs_share_no_function),
    };
    return cmocka_run_group_tests_name("summary packs", tests, NULL, NULL);
}
