/* The door: finds the verb and calls it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static const Verb *const verbs[] = {
    &verb_check,     &verb_extract, &verb_pack,     &verb_link,    &verb_explain,
    &verb_contracts, &verb_why_not, &verb_baseline, &verb_config,  &verb_model,
    &verb_tidy,      &verb_init,    &verb_doctor,   &verb_capture, &verb_lsp};
enum { VERBS = sizeof verbs / sizeof *verbs };

int fail(const Err *err)
{
    fprintf(stderr, "sluice: %s\n", err->text);
    return err_exit_status(err->kind);
}

/* A reader that is gone (head, a pager) has seen what it wanted: the verdict stands. */
int print_out(const Buf *text)
{
    if (fwrite(text->at, 1, text->n, stdout) == text->n && fflush(stdout) == 0) return 0;
    if (errno == EPIPE) return 0;
    perror("sluice: cannot write the output");
    return EXIT_INTERNAL;
}

int print_page(const char *page, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_text(&out, page);
    return print_out(&out);
}

int help(const char *usage, const Option *options, const char *more, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_printf(&out, "usage: %s\n\n", usage);
    args_help(&out, options);
    buf_text(&out, more);
    return print_out(&out);
}

static int show_usage(Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_text(&out, "usage: sluice VERB [ARGUMENT]...\n\n");
    for (size_t i = 0; i < VERBS; i++)
        buf_printf(&out, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    buf_text(&out, "\n  sluice VERB --help says more; sluice --version\n\n"
                   "Exit status: 0 passed, 1 the gate failed, 2 usage or configuration,\n"
                   "3 the analysis is incomplete, 4 internal error.\n");
    return print_out(&out);
}

static int fail_verb(const char *word)
{
    const char *names[VERBS];
    for (size_t i = 0; i < VERBS; i++)
        names[i] = verbs[i]->name;
    const char *near = args_nearest(word, names, VERBS);
    Err err;
    err_set(&err, ERR_USAGE, "no verb '%s'%s%s%s", word, near ? ": did you mean " : "",
            near ? near : "", near ? "?" : "; sluice --help lists them");
    return fail(&err);
}

static int dispatch(const Texts *words, Arena *arena)
{
    if (!words->n) {
        show_usage(arena);
        return EXIT_USAGE;
    }
    const char *word = words->at[0];
    if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help"))
        return show_usage(arena);
    if (!strcmp(word, "--version")) {
        Buf out;
        buf_init(&out, arena);
        buf_printf(&out, "sluice %s\n", SLUICE_VERSION);
        return print_out(&out);
    }
    Texts rest = {.at = words->at + 1, .n = words->n - 1};
    for (size_t i = 0; i < VERBS; i++)
        if (!strcmp(word, verbs[i]->name)) return verbs[i]->run(&rest, arena);
    return fail_verb(word);
}

/* By a link of that name: where the name of a program is asked for, and no words behind it. */
static bool is_called_tidy(const char *program)
{
    const char *slash = program ? strrchr(program, '/') : NULL;
    return program && !strcmp(slash ? slash + 1 : program, "sluice-tidy");
}

/* A standard stream that is closed must not become the first file that is opened: what is written
 * to it would go there. This way writing to it fails. */
static void fill_streams(void)
{
    for (int fd; (fd = open("/dev/null", O_RDONLY)) >= 0;)
        if (fd > STDERR_FILENO) {
            close(fd);
            return;
        }
}

int main(int argc, char **argv)
{
    fill_streams();
    Arena *arena = arena_new("main");
    Err err = {0};
    Texts given = {0}, words = {0};
    signal(SIGPIPE, SIG_IGN);
    if (is_called_tidy(argv[0])) vec_push(arena, &given, verb_tidy.name);
    for (int i = 1; i < argc; i++)
        vec_push(arena, &given, argv[i]);
    int status = args_expand(given.at, given.n, arena, &words, &err)
                     ? dispatch(&words, arena)
                     : fail(&err);
    arena_free(arena);
    return status;
}
