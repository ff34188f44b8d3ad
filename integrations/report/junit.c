/*
 * JUnit XML: what blocks is a test that fails, what does not is one that was skipped. One suite a
 * file. The first suite says whether the analysis itself is whole, so that there is always a
 * test: services take an empty file for a broken one.
 */
#include <inttypes.h>
#include <string.h>

#include "formats.h"
#include "xml.h"

typedef struct Junit {
    const ReportInput *input;
    Arena *scratch;
    Buf *out;
} Junit;

static const char *path_of(const Finding *finding)
{
    return finding->place.path ? finding->place.path : "";
}

static void put_path(Junit *junit, const Finding *finding)
{
    Buf *out = junit->out;
    xml_put(out, path_of(finding));
    buf_printf(out, ":%" PRIu32 ":%" PRIu32 "\n", finding->place.line,
               finding->place.column);
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        buf_printf(out, "%" PRIu32 ". ", i + 1);
        xml_put(out, step->place.path ? step->place.path : "?");
        buf_printf(out, ":%" PRIu32 ": ", step->place.line);
        xml_put(out, step->text ? step->text : "");
        buf_text(out, "\n");
    }
    if (finding->advice) xml_put(out, finding->advice);
}

/* No line number in the name: services follow a test by it. */
static void put_case(Junit *junit, const Finding *finding)
{
    Buf *out = junit->out;
    bool has_function = finding->function && *finding->function;
    buf_text(out, "    <testcase");
    xml_attribute(out, "classname", path_of(finding));
    xml_attribute(out, "name",
                  arena_printf(junit->scratch, "%s%s%s: %s", finding->rule_id,
                               has_function ? " in " : "",
                               has_function ? finding->function : "", finding->text));
    xml_attribute(out, "file", path_of(finding));
    buf_printf(out, " line=\"%" PRIu32 "\" time=\"0\">\n      <%s", finding->place.line,
               finding->blocks ? "failure" : "skipped");
    xml_attribute(out, "message", finding->text);
    if (finding->blocks) {
        xml_attribute(out, "type", finding->rule_id);
        buf_text(out, ">");
        put_path(junit, finding);
        buf_text(out, "</failure>\n    </testcase>\n");
    } else {
        buf_text(out, "/>\n    </testcase>\n");
    }
}

static void open_suite(Junit *junit, const char *name, uint32_t n, uint32_t nfailure,
                       uint32_t nerror)
{
    buf_text(junit->out, "  <testsuite");
    xml_attribute(junit->out, "name", name);
    buf_printf(junit->out,
               " tests=\"%" PRIu32 "\" failures=\"%" PRIu32 "\" errors=\"%" PRIu32
               "\" skipped=\"%" PRIu32 "\" time=\"0\">\n",
               n, nfailure, nerror, n - nfailure - nerror);
}

static void put_analysis(Junit *junit)
{
    const ReportInput *input = junit->input;
    bool failed = input->is_incomplete;
    buf_printf(junit->out,
               "  <testsuite name=\"sluice\" tests=\"1\" failures=\"0\" errors=\"%d\" "
               "skipped=\"0\" time=\"0\">\n    <testcase classname=\"sluice\" "
               "name=\"the whole program was analysed\" time=\"0\"%s>\n",
               failed, failed ? "" : "/");
    if (failed) {
        buf_text(junit->out,
                 "      <error message=\"the analysis is incomplete: findings may "
                 "be missing\" type=\"incomplete\">");
        for (uint32_t i = 0; i < input->nnote; i++) {
            if (input->notes[i].kind >= RUN_ADAPTED) continue;
            xml_put(junit->out,
                    input->notes[i].place.path ? input->notes[i].place.path : "?");
            buf_text(junit->out, ": ");
            xml_put(junit->out, input->notes[i].text);
            buf_text(junit->out, "\n");
        }
        buf_text(junit->out, "</error>\n    </testcase>\n");
    }
    buf_text(junit->out, "  </testsuite>\n");
}

/* The findings of one file; gives how many there are. */
static uint32_t put_file(Junit *junit, const ReportList *list, uint32_t from)
{
    uint32_t to = from, nfailure = 0;
    for (; to < list->n && !strcmp(path_of(list->at[from]), path_of(list->at[to])); to++)
        nfailure += list->at[to]->blocks;
    open_suite(junit, path_of(list->at[from]), to - from, nfailure, 0);
    for (uint32_t i = from; i < to; i++) {
        ArenaMark mark = arena_mark(junit->scratch);
        put_case(junit, list->at[i]);
        arena_reset(junit->scratch, mark);
    }
    buf_text(junit->out, "  </testsuite>\n");
    return to - from;
}

static void junit_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Junit junit = {.input = input, .scratch = arena_new("report"), .out = out};
    Arena *lists = arena_new("report list");
    ReportList list = report_list(input, options, false, lists);
    uint32_t nfailure = 0;
    for (uint32_t i = 0; i < list.n; i++)
        nfailure += list.at[i]->blocks;
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sluice\" "
               "tests=\"%" PRIu32 "\" failures=\"%" PRIu32
               "\" errors=\"%d\" time=\"0\">\n",
               list.n + 1, nfailure, input->is_incomplete);
    put_analysis(&junit);
    for (uint32_t i = 0; i < list.n;)
        i += put_file(&junit, &list, i);
    buf_text(out, "</testsuites>\n");
    arena_free(lists);
    arena_free(junit.scratch);
}

const Reporter reporter_junit = {
    .id = "junit",
    .summary = "JUnit XML: what blocks is a test that fails",
    .write = junit_write,
};
