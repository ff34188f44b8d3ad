#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "report.h"

extern const Reporter reporter_text;
extern const Reporter reporter_sarif;
extern const Reporter reporter_json;
extern const Reporter reporter_github;
extern const Reporter reporter_gitlab;
extern const Reporter reporter_rdjsonl;
extern const Reporter reporter_markdown;
extern const Reporter reporter_junit;
extern const Reporter reporter_checkstyle;
extern const Reporter reporter_sonar;
extern const Reporter reporter_prometheus;
extern const Reporter reporter_html;

#endif
