#ifndef REPORT_WHY_H
#define REPORT_WHY_H

#include "base/buf.h"
#include "finding/why.h"

/* Answers of `sluice why-not` for people and for scripts. */
void why_text(const WhyList *list, bool color, Buf *out);
void why_json(const WhyList *list, Buf *out); /* as why_schema.json says */
extern const char page_why_schema[];          /* that file */

#endif
