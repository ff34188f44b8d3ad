/* Checkstyle's XML, which most review tools can read. */
#include <inttypes.h>
#include <string.h>

#include "formats.h"
#include "xml.h"

static void put_error(Buf *out, const Finding *finding, Arena *scratch)
{
    static const char *const severities[] = {"", "error", "warning", "info"};
    const Place *place = &finding->place;
    buf_printf(out, "    <error line=\"%" PRIu32 "\"", place->line ? place->line : 1);
    if (place->line && place->column)
        buf_printf(out, " column=\"%" PRIu32 "\"", place->column);
    xml_attribute(out, "severity", severities[finding->tier]);
    xml_attribute(out, "message", finding->text);
    xml_attribute(out, "source", arena_printf(scratch, "sluice.%s", finding->rule_id));
    buf_text(out, "/>\n");
}

static void checkstyle_write(const ReportInput *input, const ReportOptions *options,
                             Buf *out)
{
    Arena *scratch = arena_new("report");
    ReportList list = report_list(input, options, false, scratch);
    buf_text(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    const char *last = NULL;
    for (uint32_t i = 0; i < list.n; i++) {
        const char *path = list.at[i]->place.path ? list.at[i]->place.path : "";
        if (!last || strcmp(last, path) != 0) {
            if (last) buf_text(out, "  </file>\n");
            buf_text(out, "  <file");
            xml_attribute(out, "name", path);
            buf_text(out, ">\n");
        }
        put_error(out, list.at[i], scratch);
        last = path;
    }
    if (last) buf_text(out, "  </file>\n");
    buf_text(out, "</checkstyle>\n");
    arena_free(scratch);
}

const Reporter reporter_checkstyle = {
    .id = "checkstyle",
    .summary = "Checkstyle XML, for review tools that know no better",
    .write = checkstyle_write,
};
