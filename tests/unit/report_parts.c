/* What the reporters are made of: characters, GitHub's line hash, source lines, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "integrations/report/json.h"
#include "integrations/report/report.h"
#include "integrations/report/rolling.h"
#include "integrations/report/snippet.h"
#include "integrations/report/utf8.h"

#define FOLDER "/tmp/sluice-unit/report"

static void expect_clean(const char *text, const char *want)
{
    Arena *arena = arena_new("test");
    Buf out;
    buf_init(&out, arena);
    utf8_clean(&out, text, strlen(text));
    assert_string_equal(out.at, want);
    arena_free(arena);
}

#define BAD "\xEF\xBF\xBD"

static void broken_text_is_mended(void **state)
{
    (void)state;
    expect_clean("plain", "plain");
    expect_clean("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
                 "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    expect_clean("caf\xE9!", "caf" BAD "!");
    expect_clean("\xE2\x82!", BAD "!");                /* cut short: one mark */
    expect_clean("\xF0\x9F\x98", BAD);                 /* ... also at the end */
    expect_clean("\xC0\xAF", BAD BAD);                 /* a long form of '/' */
    expect_clean("\xED\xA0\x80", BAD BAD BAD);         /* a surrogate */
    expect_clean("\xF4\x90\x80\x80", BAD BAD BAD BAD); /* above U+10FFFF */
    expect_clean("\xFF\xFE", BAD BAD);
    expect_clean(BAD, BAD);
}

static void columns_are_counted(void **state)
{
    (void)state;
    assert_int_equal(utf8_units("a\xC3\xA9\xF0\x9F\x98\x80z", 8), 5);
    assert_int_equal(utf8_units("\xE9\xE9", 2), 2);
    assert_int_equal(utf8_width('a'), 1);
    assert_int_equal(utf8_width(0x6F22), 2);
    assert_int_equal(utf8_width(0x301), 0);
    assert_int_equal(utf8_cut("ab\xC3\xA9", 4, 3), 2);
    assert_int_equal(utf8_cut("ab\xC3\xA9", 4, 4), 4);
    assert_true(utf8_is_unsafe(0x1B));
    assert_true(utf8_is_unsafe(0x202E));
    assert_false(utf8_is_unsafe(0xE9));
}

/* By milestones as by counting from the start, also inside of characters and behind the end. */
static void columns_of_long_lines_are_counted_once(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Buf text;
    buf_init(&text, arena);
    while (text.n < 20000)
        buf_text(&text, "a \xC3\xA9\xF0\x9F\x98\x80\xE2\x82\xFF;");
    SourceLine line = {text.at, text.n};
    Columns columns;
    columns_init(&columns, arena);
    for (uint32_t column = 1; column < text.n + 10; column++) {
        size_t before = column - 1 < text.n ? column - 1 : text.n;
        assert_int_equal(columns_utf16(&columns, line, column),
                         utf8_units(text.at, before) + 1);
    }
    assert_int_equal(columns_utf16(&columns, (SourceLine){0}, 7), 7);
    arena_free(arena);
}

static const SourceFile *file_with(Arena *arena, const char *text, size_t len)
{
    Err err = {0};
    assert_true(file_make_folders(FOLDER, &err));
    assert_true(file_write(FOLDER "/x.c", text, len, &err));
    return source_file(source_new(arena, FOLDER), "x.c");
}

static void expect_hash(const char *text, uint32_t line, uint64_t hash, uint32_t count)
{
    Arena *arena = arena_new("test");
    LineHashes hashes = rolling_hashes(file_with(arena, text, strlen(text)), arena);
    assert_true(line <= hashes.nline);
    assert_true(hashes.hash[line - 1] == hash);
    assert_int_equal(hashes.count[line - 1], count);
    arena_free(arena);
}

/* Reference values come from the SARIF Multitool, which has GitHub's algorithm. */
static void line_hashes_are_githubs(void **state)
{
    (void)state;
    expect_hash("", 1, 0xc129715d7a2bc9a3u, 1);
    static const char same[] = "x = 1;\r\n\tx=1 ;\rx = 1;\n";
    Arena *arena = arena_new("test");
    LineHashes hashes = rolling_hashes(file_with(arena, same, strlen(same)), arena);
    assert_int_equal(hashes.nline, 4);
    static const char apart[] = "x = 1;\nx=1;\nx = 1;\n";
    LineHashes others = rolling_hashes(file_with(arena, apart, strlen(apart)), arena);
    assert_memory_equal(hashes.hash, others.hash, 4 * sizeof *hashes.hash);
    Buf many;
    buf_init(&many, arena);
    for (int i = 0; i < 300; i++)
        buf_text(&many, "a\n");
    hashes = rolling_hashes(file_with(arena, many.at, many.n), arena);
    assert_int_equal(hashes.count[0], 1);
    assert_int_equal(hashes.count[200], 201); /* 50 lines fill the window: all alike */
    assert_true(hashes.hash[200] == hashes.hash[0]);
    arena_free(arena);
}

static Snippet snippet_of(Arena *arena, const char *text, uint32_t column, uint32_t end,
                          uint32_t width, bool trim)
{
    Place place = {"x.c", 1, column, end};
    return snippet_make((SourceLine){text, strlen(text)}, &place, width, trim, arena);
}

static void lines_fit_the_terminal(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Snippet snippet = snippet_of(arena, "\ta\tb = c;", 4, 5, 80, false);
    assert_string_equal(snippet.text, "    a   b = c;");
    assert_int_equal(snippet.from, 8);
    assert_int_equal(snippet.to, 9);
    snippet = snippet_of(arena, "\t  word = c;", 4, 0, 80, true);
    assert_string_equal(snippet.text, "word = c;");
    assert_int_equal(snippet.from, 0);
    assert_int_equal(snippet.to, 4);
    snippet = snippet_of(arena, "\xE6\xBC\xA2 p\x1B", 5, 0, 80, false);
    assert_string_equal(snippet.text, "\xE6\xBC\xA2 p" BAD);
    assert_int_equal(snippet.from, 3);
    snippet = snippet_of(arena, "short", 99, 120, 80, false);
    assert_int_equal(snippet.from, 5);
    assert_int_equal(snippet.to, 6);
    snippet = snippet_of(arena, "", 0, 0, 80, false);
    assert_int_equal(snippet.to, 1);
    arena_free(arena);
}

static void long_lines_are_windowed(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    size_t len = 3 * 1024 * 1024;
    char *line = arena_take(arena, len + 1, 1);
    memset(line, 'x', len);
    static const uint32_t columns[] = {1, 30, 60, 5000, 3 * 1024 * 1024};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        line[columns[i] - 1] = '@';
        Snippet snippet = snippet_of(arena, line, columns[i], 0, 60, false);
        assert_true(strlen(snippet.text) <= 60);
        assert_int_equal(snippet.text[snippet.from], '@');
        line[columns[i] - 1] = 'x';
    }
    arena_free(arena);
}

/* n findings over n / 50 files that cannot be read and one that can. */
static FindingList many_findings(Arena *arena, uint32_t n)
{
    Finding *at = ARENA_ARRAY(arena, Finding, n);
    Step *steps = ARENA_ARRAY(arena, Step, 6);
    for (uint32_t i = 0; i < 6; i++)
        steps[i] = (Step){{"x.c", i + 1, 1, 0}, "'p' is passed on", "f", i % 3};
    for (uint32_t i = 0; i < n; i++) {
        at[i] = (Finding){.rule_id = "null-deref",
                          .tier = (Tier)(1 + i % 3),
                          .text = "'p' may be NULL",
                          .advice = "Check it.",
                          .function = "f",
                          .steps = steps,
                          .nstep = 6};
        at[i].place = (Place){"x.c", 1 + i, 1, 0};
        if (i % 2) at[i].place.path = arena_printf(arena, "dir/%u.c", i / 50);
    }
    return (FindingList){at, n};
}

static void many_findings_are_written(void **state)
{
    (void)state;
    enum { N = 10000 };
    Arena *arena = arena_new("test");
    Buf text;
    buf_init(&text, arena);
    for (int i = 0; i < N; i++)
        buf_printf(&text, "    call(%d, p->next);\n", i);
    file_with(arena, text.at, text.n);
    FindingList findings = many_findings(arena, N);
    clock_t start = clock();
    finding_settle(&findings, source_new(arena, FOLDER), arena);
    assert_int_equal(findings.n, N);
    static const ReportRule rule = {.id = "null-deref", .title = "t", .advice = "a"};
    ReportInput input = {.findings = &findings, .rules = &rule, .nrule = 1};
    ReportOptions options = {.root = FOLDER, .least = TIER_C};
    for (const Reporter *const *reporter = reporters; *reporter; reporter++) {
        Buf out;
        buf_init(&out, arena);
        (*reporter)->write(&input, &options, &out);
        assert_true(out.n > 500);
        if (strcmp((*reporter)->id, "sarif") != 0) continue;
        cJSON *log = cJSON_Parse(out.at);
        cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(log, "runs"), 0);
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(run, "results")), N);
        cJSON_Delete(log);
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 20); /* 0.5 without asan */
    arena_free(arena);
}

/* More results than services take: the surest stay, and the log says so. */
static void sarif_keeps_the_surest(void **state)
{
    (void)state;
    enum { N = 30000, MOST = 25000 };
    Arena *arena = arena_new("test");
    FindingList findings = many_findings(arena, N);
    for (uint32_t i = 0; i < N; i++)
        findings.at[i].nstep = 0;
    static const ReportRule rule = {.id = "null-deref", .title = "t", .advice = "a"};
    ReportInput input = {.findings = &findings, .rules = &rule, .nrule = 1};
    ReportOptions options = {.root = FOLDER, .least = TIER_C};
    Buf out;
    buf_init(&out, arena);
    reporter_find("sarif")->write(&input, &options, &out);
    uint32_t n[3] = {0};
    static const char *const levels[] = {"\"level\":\"error\",\"kind\"",
                                         "\"level\":\"warning\",\"kind\"",
                                         "\"level\":\"note\",\"kind\""};
    for (const char *at = out.at; *at; at++)
        for (uint32_t i = 0; i < 3 && *at == '"'; i++)
            n[i] += !strncmp(at, levels[i], strlen(levels[i]));
    assert_int_equal(n[0], N / 3);
    assert_int_equal(n[1], N / 3);
    assert_int_equal(n[2], MOST - 2 * (N / 3));
    assert_non_null(strstr(out.at, "5000 weaker results are not in this log"));
    arena_free(arena);
}

static cJSON *only_result(Arena *arena, const Finding *finding,
                          const ReportOptions *options)
{
    Finding copy = *finding;
    FindingList list = {&copy, 1};
    static const ReportRule rule = {.id = "null-deref", .title = "t", .advice = "a"};
    ReportInput input = {.findings = &list, .rules = &rule, .nrule = 1};
    Buf out;
    buf_init(&out, arena);
    reporter_find("sarif")->write(&input, options, &out);
    cJSON *log = cJSON_Parse(out.at);
    assert_non_null(log);
    return log;
}

static cJSON *result_in(cJSON *log)
{
    cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(log, "runs"), 0);
    return cJSON_GetArrayItem(cJSON_GetObjectItem(run, "results"), 0);
}

/* Texts, links and paths without end stay within what services accept. */
static void sarif_limits_are_kept(void **state)
{
    (void)state;
    enum { MANY = 700 };
    Arena *arena = arena_new("test");
    char *long_text = arena_take(arena, 5001, 1);
    memset(long_text, '[', 5000);
    memcpy(long_text, "see [a](1) ", 11);
    Step *steps = ARENA_ARRAY(arena, Step, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        steps[i] = (Step){{"x y.c", i, i, 0}, long_text, NULL, 0};
    Finding finding = {.rule_id = "null-deref",
                       .tier = TIER_A,
                       .place = {"a b/c%:#?.c", 3, 2, 0},
                       .text = long_text,
                       .steps = steps,
                       .nstep = MANY,
                       .related = steps,
                       .nrelated = MANY};
    ReportOptions options = {.root = "/r oot", .has_root = true};
    cJSON *log = only_result(arena, &finding, &options), *result = result_in(log);
    cJSON *message = cJSON_GetObjectItem(result, "message");
    const char *text = cJSON_GetObjectItem(message, "text")->valuestring;
    assert_true(strlen(text) <= 1000);
    assert_int_equal(strncmp(text, "see \\[a\\](1)", 12), 0);
    cJSON *flow = cJSON_GetArrayItem(cJSON_GetObjectItem(result, "codeFlows"), 0);
    cJSON *thread = cJSON_GetArrayItem(cJSON_GetObjectItem(flow, "threadFlows"), 0);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(thread, "locations")), 200);
    char *printed = cJSON_PrintUnformatted(log);
    assert_non_null(
        strstr(printed, "\"uri\":\"a%20b/c%25%3A%23%3F.c\",\"uriBaseId\":\"SRCROOT\""));
    assert_non_null(strstr(printed, "{\"SRCROOT\":{\"uri\":\"file:///r%20oot/\"}}"));
    cJSON_free(printed);
    cJSON_Delete(log);
    arena_free(arena);
}

static void sarif_places_are_whole(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    static const char source[] = "\xC3\xA9 = \xF0\x9F\x98\x80 + name;\n";
    file_with(arena, source, strlen(source));
    Finding finding = {.rule_id = "null-deref",
                       .tier = TIER_A,
                       .place = {"x.c", 1, 13, 0},
                       .text = "Why?"};
    ReportOptions options = {.root = FOLDER};
    cJSON *log = only_result(arena, &finding, &options);
    char *printed = cJSON_PrintUnformatted(log);
    assert_non_null(strstr(printed, "\"startLine\":1,\"startColumn\":10,\"endLine\":1,"
                                    "\"endColumn\":14"));
    assert_non_null(strstr(printed, "\"text\":\"Why?\""));
    assert_null(strstr(printed, FOLDER));
    cJSON_free(printed);
    cJSON_Delete(log);
    finding.place.line = 0; /* the file as a whole */
    log = only_result(arena, &finding, &options);
    printed = cJSON_PrintUnformatted(log);
    assert_non_null(strstr(printed, "\"region\":{\"startLine\":1}"));
    cJSON_free(printed);
    cJSON_Delete(log);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_text_is_mended),
        cmocka_unit_test(columns_are_counted),
        cmocka_unit_test(columns_of_long_lines_are_counted_once),
        cmocka_unit_test(line_hashes_are_githubs),
        cmocka_unit_test(lines_fit_the_terminal),
        cmocka_unit_test(long_lines_are_windowed),
        cmocka_unit_test(many_findings_are_written),
        cmocka_unit_test(sarif_keeps_the_surest),
        cmocka_unit_test(sarif_limits_are_kept),
        cmocka_unit_test(sarif_places_are_whole),
    };
    return cmocka_run_group_tests_name("report.parts", tests, NULL, NULL);
}
