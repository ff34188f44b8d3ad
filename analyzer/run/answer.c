/* What a worker says of repairs, as bytes. A worker may have been out of its mind: every length is
 * compared with what is left. */
#include "run/answer.h"

#include <string.h>

static const char MAGIC[4] = "SLRA";

static void put_number(Buf *out, uint32_t number)
{
    buf_put(out, &number, sizeof number);
}

static void put_string(Buf *out, const char *text)
{
    put_number(out, (uint32_t)strlen(text));
    buf_text(out, text);
}

void repair_answer_write(Buf *out, const RepairAnswer *answer)
{
    buf_put(out, MAGIC, sizeof MAGIC);
    buf_put(out, &answer->content, sizeof answer->content);
    put_number(out, answer->nrepair);
    for (uint32_t i = 0; i < answer->nrepair; i++) {
        const Repair *repair = &answer->repairs[i];
        put_number(out, repair->wish);
        put_string(out, repair->text);
        put_number(out, repair->nedit);
        for (uint32_t k = 0; k < repair->nedit; k++) {
            put_number(out, repair->edits[k].offset);
            put_number(out, repair->edits[k].cut);
            put_string(out, repair->edits[k].text);
        }
    }
    put_number(out, answer->ncomplaint);
    for (uint32_t i = 0; i < answer->ncomplaint; i++) {
        put_number(out, answer->complaints[i].line);
        put_string(out, answer->complaints[i].function);
        put_string(out, answer->complaints[i].text);
    }
}

typedef struct Reader {
    const char *at;
    size_t left;
    Arena *arena;
    bool is_bad;
} Reader;

static void take(Reader *from, void *to, size_t len)
{
    from->is_bad |= len > from->left;
    if (from->is_bad) {
        memset(to, 0, len);
        return;
    }
    memcpy(to, from->at, len);
    from->at += len;
    from->left -= len;
}

static uint32_t take_number(Reader *from)
{
    uint32_t number;
    take(from, &number, sizeof number);
    return number;
}

/* Of things that take at least a number each. */
static uint32_t take_count(Reader *from)
{
    uint32_t n = take_number(from);
    from->is_bad |= n > from->left / sizeof n;
    return from->is_bad ? 0 : n;
}

static const char *take_string(Reader *from)
{
    uint32_t len = take_number(from);
    from->is_bad |= len > from->left;
    if (from->is_bad) return "";
    const char *text = arena_copy(from->arena, from->at, len);
    from->at += len;
    from->left -= len;
    return text;
}

static Repair take_repair(Reader *from)
{
    Repair repair = {.wish = take_number(from), .text = take_string(from)};
    repair.nedit = take_count(from);
    repair.edits = ARENA_ARRAY(from->arena, Edit, repair.nedit);
    for (uint32_t k = 0; k < repair.nedit; k++) {
        repair.edits[k].offset = take_number(from);
        repair.edits[k].cut = take_number(from);
        repair.edits[k].text = take_string(from);
    }
    return repair;
}

bool repair_answer_read(const char *bytes, size_t len, Arena *arena, RepairAnswer *answer,
                        size_t *used)
{
    Reader from = {.at = bytes, .left = len, .arena = arena};
    char magic[sizeof MAGIC];
    *answer = (RepairAnswer){0};
    take(&from, magic, sizeof magic);
    if (memcmp(magic, MAGIC, sizeof magic) != 0) return false;
    take(&from, &answer->content, sizeof answer->content);
    answer->nrepair = take_count(&from);
    answer->repairs = ARENA_ARRAY(arena, Repair, answer->nrepair);
    for (uint32_t i = 0; i < answer->nrepair; i++)
        answer->repairs[i] = take_repair(&from);
    answer->ncomplaint = take_count(&from);
    answer->complaints = ARENA_ARRAY(arena, Complaint, answer->ncomplaint);
    for (uint32_t i = 0; i < answer->ncomplaint; i++) {
        answer->complaints[i].line = take_number(&from);
        answer->complaints[i].function = take_string(&from);
        answer->complaints[i].text = take_string(&from);
    }
    *used = (size_t)(from.at - bytes);
    return !from.is_bad;
}
