/* The only file that knows how cJSON handles memory. */
#include "json.h"

#include <string.h>

#include "utf8.h"

static cJSON *made(cJSON *value)
{
    if (!value) die("out of memory (a JSON value)");
    return value;
}

cJSON *json_object(void)
{
    return made(cJSON_CreateObject());
}

cJSON *json_array(void)
{
    return made(cJSON_CreateArray());
}

void json_add(cJSON *object, const char *key, cJSON *value)
{
    if (!cJSON_AddItemToObject(object, key, value)) die("out of memory (JSON: %s)", key);
}

void json_push(cJSON *array, cJSON *value)
{
    if (!cJSON_AddItemToArray(array, value)) die("out of memory (a JSON list)");
}

cJSON *json_text(const char *text, Arena *scratch)
{
    size_t len = strlen(text), i = 0;
    while (i < len && (unsigned char)text[i] < 0x80)
        i++;
    if (i == len) return made(cJSON_CreateString(text));
    ArenaMark mark = arena_mark(scratch);
    Buf clean;
    buf_init(&clean, scratch);
    utf8_clean(&clean, text, len);
    cJSON *value = made(cJSON_CreateString(clean.at));
    arena_reset(scratch, mark);
    return value;
}

void json_add_text(cJSON *object, const char *key, const char *text, Arena *scratch)
{
    json_add(object, key, json_text(text, scratch));
}

void json_add_number(cJSON *object, const char *key, double value)
{
    json_add(object, key, made(cJSON_CreateNumber(value)));
}

void json_add_bool(cJSON *object, const char *key, bool value)
{
    json_add(object, key, made(cJSON_CreateBool(value)));
}

void json_put(Buf *out, cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);
    if (!text) die("out of memory (printing JSON)");
    buf_text(out, text);
    cJSON_free(text);
    cJSON_Delete(value);
}
