/*
 * Each format over one small made-up list, against tests/golden/report.*. Formats are the
 * subject here, so nothing is analysed. BLESS=1 in the environment rewrites the files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "finding/source.h"
#include "finding/suppress.h"
#include "integrations/report/report.h"

#define ROOT "tests/golden/src"

static const char *const DEREF_PAGE =
    "# null-deref\n\nA null pointer reaches a place that dereferences it.\nThe path is "
    "shown.\n\n## Why\n\nIt crashes.\n";

static const ReportRule RULES[] = {
    {"null-deref", "a null pointer dereference", "Check the pointer before use.",
     DEREF_PAGE, "CWE-476", "0.1", true},
    {"null-alloc-unchecked", "an unchecked allocation", "Check the result.", NULL,
     "CWE-690", "0.1", false},
    {"null-slot-empty", "a call through an empty slot", "Set the slot.", NULL, NULL, NULL,
     false},
};

static const Step PATH[] = {
    {{"cache.c", 13, 27, 0}, "'cache_find' is called", "cache_size", 0},
    {{"cache.c", 5, 27, 0}, "'list_first' is called", "cache_find", 1},
    {{"list.c", 5, 23, 0}, "NULL is returned", "list_first", 2},
    {{"cache.c", 8, 12, 0}, "'entry' is returned and may be NULL", "cache_find", 1},
    {{"cache.c", 14, 12, 0}, "'entry' is dereferenced", "cache_size", 0},
};
static const Step ALSO[] = {
    {{"cache.c", 14, 26, 0}, "'entry' is dereferenced", "cache_size", 0},
    {{"odd name.inc", 1, 51, 0}, "'p' is dereferenced", "odd", 0},
};
static const ScoreTerm TERMS[] = {{"checked elsewhere", 4.5}, {"frames", -1.4}};

static const Finding FINDINGS[] = {
    {.rule_id = "null-deref",
     .tier = TIER_A,
     .place = {"cache.c", 14, 12, 17},
     .text = "'entry' is NULL here when 'list_first' finds nothing; "
             "checked at 5 of 6 call sites",
     .advice = "Check the pointer before use.",
     .function = "cache_size",
     .steps = PATH,
     .nstep = 5,
     .related = ALSO,
     .nrelated = 2,
     .terms = TERMS,
     .nterm = 2,
     .score = 3.1},
    {.rule_id = "null-alloc-unchecked",
     .tier = TIER_B,
     .place = {"cache.c", 20, 5, 0},
     .text = "the result of 'malloc' is used unchecked",
     .advice = "Check the result.",
     .function = "cache_copy"},
    {.rule_id = "null-slot-empty",
     .tier = TIER_B,
     .place = {"cache.c", 27, 5, 0},
     .text = "'ops[i](cache)' is called through a slot that is never set",
     .advice = "Set the slot.",
     .function = "cache_reset"},
    {.rule_id = "null-deref",
     .tier = TIER_B,
     .place = {"odd name.inc", 1, 26, 0},
     .text = "'box' may be NULL",
     .function = "odd"},
    {.rule_id = "null-deref",
     .tier = TIER_A,
     .place = {"odd name.inc", 1, 51, 0},
     .text = "'p' is NULL",
     .function = "odd"},
    {.rule_id = "null-deref",
     .tier = TIER_B,
     .place = {"odd name.inc", 2, 16, 20},
     .text = "'node' may be NULL",
     .function = "odd"},
    {.rule_id = "null-deref",
     .tier = TIER_B,
     .place = {"odd name.inc", 3, 18, 0},
     .text = "'out' may be NULL: \x1b]0;title\x07 caf\xe9",
     .function = "odd"},
    {.rule_id = "null-deref",
     .tier = TIER_C,
     .place = {"odd name.inc", 4, 357, 0},
     .text = "'q' may be NULL",
     .function = "odd"},
    {.rule_id = "null-deref",
     .tier = TIER_B,
     .place = {"gone.c", 7, 3, 0},
     .text = "the file of this one cannot be read",
     .function = "gone"},
};

static const RunNote NOTES[] = {
    {{"lost.c", 3, 10, 0}, RUN_FAILED, "'lost.h' file not found"},
    {{"half.c", 0, 0, 0}, RUN_PARTIAL, "2 functions use a feature we cannot lower"},
    {{"flags.c", 0, 0, 0}, RUN_ADAPTED, "the compiler library does not take '-mx'"},
};

typedef struct Golden {
    Arena *arena;
    FindingList findings, remarks;
    RunStats stats;
    ReportInput input;
    ReportOptions options;
} Golden;

static int golden_make(void **state)
{
    Arena *arena = arena_new("golden");
    Golden *golden = ARENA_NEW(arena, Golden);
    golden->arena = arena;
    uint32_t n = sizeof FINDINGS / sizeof *FINDINGS;
    golden->findings = (FindingList){ARENA_ARRAY(arena, Finding, n), n};
    memcpy(golden->findings.at, FINDINGS, sizeof FINDINGS);
    Source *source = source_new(arena, ROOT);
    finding_settle(&golden->findings, source, arena);
    golden->remarks = suppress_apply(&golden->findings, NULL, 0, source, arena);
    golden->stats = (RunStats){.ntu = 5, .nfailed = 1, .npartial = 1, .nfn = 12};
    golden->stats.ncached = 3;
    golden->stats.seconds = 1.5;
    golden->input = (ReportInput){.findings = &golden->findings,
                                  .remarks = &golden->remarks,
                                  .rules = RULES,
                                  .nrule = 3,
                                  .notes = NOTES,
                                  .nnote = 3,
                                  .stats = &golden->stats,
                                  .is_incomplete = true};
    golden->options = (ReportOptions){.root = ROOT};
    *state = golden;
    return 0;
}

static int golden_free(void **state)
{
    Golden *golden = *state;
    arena_free(golden->arena);
    return 0;
}

/* The version of the day is not what the golden files are about. */
static char *without_version(const char *text, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    const char *found;
    while ((found = strstr(text, SLUICE_VERSION))) {
        buf_put(&out, text, (size_t)(found - text));
        buf_text(&out, "VERSION");
        text = found + strlen(SLUICE_VERSION);
    }
    buf_text(&out, text);
    return out.at;
}

static void expect_file(Golden *golden, const char *id, const char *file)
{
    Buf out;
    buf_init(&out, golden->arena);
    const Reporter *reporter = reporter_find(id);
    assert_non_null(reporter);
    reporter->write(&golden->input, &golden->options, &out);
    char *text = without_version(out.at, golden->arena);
    const char *path = arena_printf(golden->arena, "tests/golden/%s", file);
    Err err = {0};
    if (getenv("BLESS")) assert_true(file_write(path, text, strlen(text), &err));
    FileText want;
    assert_true(file_read(path, 1 << 20, golden->arena, &want, &err));
    assert_string_equal(text, want.at);
}

static void as_text(void **state)
{
    expect_file(*state, "text", "report.txt");
}

static void as_text_with_all(void **state)
{
    Golden *golden = *state;
    golden->options.least = TIER_C;
    golden->options.verbose = true;
    golden->options.show_suppressed = true;
    golden->options.width = 72;
    golden->options.color = true;
    expect_file(golden, "text", "report-all.txt");
}

static void as_sarif(void **state)
{
    expect_file(*state, "sarif", "report.sarif");
}

static void as_sarif_with_all(void **state)
{
    Golden *golden = *state;
    golden->options = (ReportOptions){.root = ROOT,
                                      .least = TIER_C,
                                      .show_suppressed = true,
                                      .category = "nightly",
                                      .started = "2024-05-01T12:00:00Z",
                                      .ended = "2024-05-01T12:00:09Z"};
    expect_file(golden, "sarif", "report-all.sarif");
}

static void as_json(void **state)
{
    Golden *golden = *state;
    golden->options.show_suppressed = true;
    expect_file(golden, "json", "report.json");
}

static void as_github(void **state)
{
    expect_file(*state, "github", "report.github");
}

static void as_the_rest(void **state)
{
    static const char *const ids[] = {"gitlab", "rdjsonl",    "markdown",  "junit",
                                      "sonar",  "checkstyle", "prometheus"};
    Golden *golden = *state;
    golden->input.coverage = 62.5;
    for (uint32_t i = 0; i < golden->findings.n; i++) {
        Finding *finding = &golden->findings.at[i];
        finding->age = i % 3 ? AGE_NEW : AGE_KNOWN;
        finding->blocks = finding->tier == TIER_A && i % 3;
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        expect_file(golden, ids[i], arena_printf(golden->arena, "report.%s", ids[i]));
}

/* The data in the page: JSON, and nothing that could end the element it stands in. */
static cJSON *data_of_page(Golden *golden)
{
    static const char begin[] = "<script id=\"data\"", end[] = "</script>";
    Buf out;
    buf_init(&out, golden->arena);
    reporter_find("html")->write(&golden->input, &golden->options, &out);
    const char *data = strstr(out.at, begin);
    assert_non_null(data);
    data = strchr(data, '>') + 1;
    size_t len = (size_t)(strstr(data, end) - data);
    assert_null(memchr(data, '<', len));
    cJSON *json = cJSON_ParseWithLength(data, len);
    assert_non_null(json);
    return json;
}

static cJSON *item(const cJSON *object, const char *key)
{
    cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    assert_non_null(value);
    return value;
}

static void as_html(void **state)
{
    Golden *golden = *state;
    golden->findings.at[0].text = "</script><script>alert(1)</script>";
    golden->findings.at[1].suppressed = "<b>& \"no\"";
    cJSON *data = data_of_page(golden), *findings = item(data, "findings");
    /* A note is not asked for; a remark on a comment is always told. */
    assert_int_equal(cJSON_GetArraySize(findings),
                     golden->findings.n - 1 + golden->remarks.n);
    const cJSON *first = cJSON_GetArrayItem(findings, 0);
    assert_string_equal(item(first, "text")->valuestring, golden->findings.at[0].text);
    assert_int_equal(cJSON_GetArraySize(item(first, "steps")), 5);
    assert_string_equal(item(cJSON_GetArrayItem(findings, 1), "suppressed")->valuestring,
                        "<b>& \"no\"");
    const cJSON *files = item(data, "files");
    assert_string_equal(item(cJSON_GetArrayItem(files, 0), "path")->valuestring,
                        "cache.c");
    const cJSON *stretch =
        cJSON_GetArrayItem(item(cJSON_GetArrayItem(files, 1), "lines"), 0);
    assert_true(cJSON_IsNumber(cJSON_GetArrayItem(stretch, 0)));
    assert_true(cJSON_IsString(cJSON_GetArrayItem(stretch, 1)));
    assert_int_equal(cJSON_GetArraySize(item(data, "rules")), 3);
    assert_int_equal(cJSON_GetArraySize(item(data, "notes")), 3);
    cJSON_Delete(data);
}

static const cJSON *place_at(const cJSON *data, int line, int column)
{
    const cJSON *finding;
    cJSON_ArrayForEach(finding, item(data, "findings"))
    {
        const cJSON *place = item(finding, "place");
        if (item(place, "line")->valueint == line &&
            item(place, "column")->valueint == column)
            return place;
    }
    fail_msg("no finding at %d:%d", line, column);
    return NULL;
}

/* Columns are those of JavaScript's strings. */
static void columns_in_html(void **state)
{
    Golden *golden = *state;
    golden->options.least = TIER_C;
    cJSON *data = data_of_page(golden);
    const cJSON *wide = place_at(data, 1, 51);
    assert_int_equal(item(wide, "from")->valueint, 45); /* not 50 */
    assert_int_equal(item(wide, "to")->valueint, 46);
    const cJSON *tabs = place_at(data, 2, 16);
    assert_int_equal(item(tabs, "from")->valueint, 15);
    assert_int_equal(item(tabs, "to")->valueint, 19);
    cJSON_Delete(data);
}

/* A clean run says so, and an empty one does not look like a clean one. */
static void without_findings(void **state)
{
    Golden *golden = *state;
    FindingList none = {0};
    golden->input = (ReportInput){.findings = &none};
    Buf out;
    buf_init(&out, golden->arena);
    reporter_find("text")->write(&golden->input, &golden->options, &out);
    assert_string_equal(out.at, "no findings\n");
    golden->input.is_incomplete = true;
    out.n = 0;
    reporter_find("text")->write(&golden->input, &golden->options, &out);
    assert_non_null(strstr(out.at, "INCOMPLETE: nothing was analysed"));
    out.n = 0;
    reporter_find("sarif")->write(&golden->input, &golden->options, &out);
    assert_non_null(strstr(out.at, "\"results\":[]"));
    assert_non_null(strstr(out.at, "\"executionSuccessful\":false"));
    assert_null(reporter_find("none"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, golden_make, golden_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_text),           TEST(as_text_with_all), TEST(as_sarif),
        TEST(as_sarif_with_all), TEST(as_json),          TEST(as_github),
        TEST(as_the_rest),       TEST(as_html),          TEST(columns_in_html),
        TEST(without_findings),
    };
    return cmocka_run_group_tests_name("report.golden", tests, NULL, NULL);
}
