#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/map.h"
#include "base/vec.h"
#include "finding/source.h"
#include "json.h"
#include "report.h"

/* The parts of the page: the files html_*.html, .css and .js beside this one. */
extern const char page_html_page[];
extern const char page_html_style[];
extern const char page_html_words[];
extern const char page_html_base[];
extern const char page_html_code[];
extern const char page_html_path[];
extern const char page_html_list[];
extern const char page_html_view[];
extern const char page_html_main[];

/* What the page knows, being put together. */
typedef struct HtmlFile {
    const SourceFile *source;
    const char *path;
    VEC(uint32_t) lines; /* that are shown: in any order, with repetitions */
} HtmlFile;

typedef struct HtmlData {
    const ReportInput *input;
    const ReportOptions *options;
    Source *source;
    Map index; /* SourceFile -> index of files */
    VEC(HtmlFile) files;
    uint32_t room[TIER_C + 1]; /* findings of each tier that may be written */
    uint32_t nlost;            /* findings that are left out */
    Arena *lists;              /* lives as long as the page */
    Arena *scratch;            /* of one finding */
} HtmlData;

/* One JSON object: the run, its findings with their paths, the source lines these show,
 * the rules' pages. Suppressed and known findings are in it, marked. */
void html_data(HtmlData *data, Buf *out);
/* Is in the report: suppressed and known ones are, what is too weak is not. */
bool html_lists(const HtmlData *data, const Finding *finding);
/* Text for an element or an attribute: escaped, on one line, nothing that is no text. */
void html_put_text(Buf *out, const char *text);

#endif
