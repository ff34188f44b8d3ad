/*
 * findings FOLDER N FORMAT >REPORT: a made-up list of N findings through a reporter, as large as no
 * program gives. The sources, in FOLDER, are hostile too: a line of 10 MB, broken UTF-8, blanks in
 * paths. On standard error: the most memory it took, in MB.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "finding/source.h"
#include "integrations/report/report.h"

enum {
    FILES = 500,
    ON_LONG_LINE = 5000, /* at most half of all */
    LONG_LINE = 10 * 1000 * 1000,
    STEPS = 3,
    FAR_COLUMN = 9 * 1000 * 1000
};

static const ReportRule rules[] = {{.id = "null-deref",
                                    .title = "a null dereference",
                                    .advice = "Check.",
                                    .page = "# null-deref\n"},
                                   {.id = "null-arg",
                                    .title = "a null argument",
                                    .advice = "Check.",
                                    .page = "# null-arg\n"}};

static const char *path_of(Arena *arena, uint32_t file)
{
    if (file == 0) return "one line.c";
    if (file == 1) return "broken\xE9.c";
    return arena_printf(arena, "some where/f %" PRIu32 ".c", file);
}

static void put_source(const char *folder, const char *path, const Buf *text,
                       Arena *arena)
{
    Err err = {0};
    if (!file_write(path_join(arena, folder, path), text->at, text->n, &err))
        die("%s", err.text);
}

static void make_sources(const char *folder, Arena *arena)
{
    Err err = {0};
    if (!file_make_folders(path_join(arena, folder, "some where"), &err))
        die("%s", err.text);
    Buf text;
    buf_init(&text, arena);
    while (text.n < LONG_LINE)
        buf_text(&text, "a = *p; \"\xC3\xA9\xF0\x9F\x98\x80\"; ");
    put_source(folder, path_of(arena, 0), &text, arena);
    buf_init(&text, arena);
    for (uint32_t i = 0; i < 4000; i++)
        buf_text(&text, "caf\xE9 = *\xFFp; /* \x1B[31m <&>]]> | ` */\n");
    put_source(folder, path_of(arena, 1), &text, arena);
    buf_init(&text, arena);
    for (uint32_t i = 0; i < 4000; i++)
        buf_text(&text, "\tint value = entry->value;\n");
    for (uint32_t i = 2; i < FILES; i++)
        put_source(folder, path_of(arena, i), &text, arena);
}

static Finding make_finding(uint32_t i, uint32_t n, const char *const *paths,
                            Arena *arena)
{
    uint32_t nlong = n / 2 < ON_LONG_LINE ? n / 2 : ON_LONG_LINE;
    uint32_t file = i < nlong ? 0 : (uint32_t)((uint64_t)i * (FILES - 1) / n) + 1;
    uint32_t at = i % 4000 + 1;
    Place place = {paths[file], file ? at : 1, file ? 5 : FAR_COLUMN + i, 0};
    Step *steps = ARENA_ARRAY(arena, Step, STEPS);
    for (uint32_t k = 0; k < STEPS; k++)
        steps[k] = (Step){place, "'p\xFF' is set to NULL <&>|`\n::error::", "f", k};
    Finding finding = {.rule_id = rules[i % 2].id,
                       .tier = i % 10 ? (i % 3 ? TIER_B : TIER_C) : TIER_A,
                       .place = place,
                       .text = "'\xE9p' is NULL \xF0\x9F\x98\x80 when ]]> it <is> `used`",
                       .advice = "Check \x01 it.",
                       .function = "f\xE9",
                       .steps = steps,
                       .nstep = STEPS,
                       .score = i,
                       .blocks = i % 10 == 0};
    snprintf(finding.fingerprint, sizeof finding.fingerprint, "%032" PRIx32, i);
    return finding;
}

/* Of this program; rusage would count whoever started it, too. */
static unsigned long most_memory(void)
{
    char line[256];
    unsigned long kilobytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) kilobytes = strtoul(line + 6, NULL, 10);
    if (!status || !kilobytes) die("the system does not say how much memory was used");
    fclose(status);
    return kilobytes / 1024;
}

int main(int argc, char **argv)
{
    if (argc != 4) die("usage: findings FOLDER N FORMAT");
    const Reporter *reporter = reporter_find(argv[3]);
    if (!reporter) die("no format %s", argv[3]);
    Arena *arena = arena_new("findings");
    uint32_t n = (uint32_t)strtoul(argv[2], NULL, 10);
    FindingList list = {ARENA_ARRAY(arena, Finding, n), n};
    const char *paths[FILES];
    if (!file_exists(path_join(arena, argv[1], "some where")))
        make_sources(argv[1], arena);
    for (uint32_t i = 0; i < FILES; i++)
        paths[i] = path_of(arena, i);
    for (uint32_t i = 0; i < n; i++)
        list.at[i] = make_finding(i, n, paths, arena);
    RunStats stats = {.ntu = FILES, .nfn = n};
    ReportInput input = {.findings = &list, .rules = rules, .nrule = 2, .stats = &stats};
    ReportOptions options = {.root = argv[1], .least = TIER_C};
    Buf out;
    buf_init(&out, arena);
    reporter->write(&input, &options, &out);
    if (fwrite(out.at, 1, out.n, stdout) != out.n || fflush(stdout) != 0) return 1;
    fprintf(stderr, "%lu\n", most_memory());
    arena_free(arena);
    return 0;
}
