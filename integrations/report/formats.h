#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "report.h"

extern const Reporter reporter_text;
extern const Reporter reporter_sarif;
extern const Reporter reporter_json;
extern const Reporter reporter_github;

#endif
