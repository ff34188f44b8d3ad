#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <cjson/cJSON.h>

#include "base/buf.h"

/*
 * cJSON with what it leaves to its caller: strings are made valid UTF-8 (it copies broken
 * bytes through), running out of memory ends the process. `scratch` holds cleaned text.
 */
cJSON *json_object(void);
cJSON *json_array(void);
void json_add(cJSON *object, const char *key, cJSON *value); /* takes value */
void json_push(cJSON *array, cJSON *value);                  /* takes value */
void json_add_text(cJSON *object, const char *key, const char *text, Arena *scratch);
void json_add_number(cJSON *object, const char *key, double value);
void json_add_bool(cJSON *object, const char *key, bool value);
cJSON *json_text(const char *text, Arena *scratch);
/* Appends `value` on one line and frees it. */
void json_put(Buf *out, cJSON *value);

#endif
