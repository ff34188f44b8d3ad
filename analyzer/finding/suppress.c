/*
 * Silence by comment, and what we say about such comments.
 *
 * A comment that no longer silences anything hides the next real finding, so we say so;
 * one without a reason cannot be reviewed, so we say that too. Files are scanned only when
 * the word "sluice" is in them, which for nearly all of them it is not.
 */
#include "finding/suppress.h"

#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "finding/comment.h"

static const char ALLOW[] = "sluice:allow";
static const char NOLINT[] = "NOLINT";
static const char OURS[] = "sluice-";

typedef struct Text {
    const char *at;
    size_t len;
} Text;

/* One rule (or "null-*") of one comment. */
typedef struct Allow {
    const char *rule;
    const char *reason; /* "" none */
    Place place;
    uint32_t first, last; /* lines; ignored when is_file */
    bool is_file, is_used;
    bool is_open;      /* a block whose end has not come yet */
    const char *fault; /* why it can silence nothing, or NULL */
} Allow;

/* The word behind the name says what the comment does. */
typedef enum Verb { VERB_ALLOW, VERB_BEGIN, VERB_END } Verb;

typedef struct Allows {
    const SourceFile *file;
    VEC(Allow) list;
} Allows;

typedef struct Suppressor {
    Source *source;
    Arena *arena;
    Map by_file; /* SourceFile -> Allows */
} Suppressor;

static bool starts(Text text, const char *with)
{
    size_t len = strlen(with);
    return text.len >= len && !memcmp(text.at, with, len);
}

static void skip(Text *text, size_t n)
{
    text->at += n;
    text->len -= n;
}

static void skip_any(Text *text, const char *set)
{
    while (text->len && text->at[0] && strchr(set, text->at[0]))
        skip(text, 1);
}

static bool is_rule_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '*';
}

static Text take_rule(Text *text)
{
    Text rule = {text->at, 0};
    while (text->len && is_rule_char(text->at[0])) {
        rule.len++;
        skip(text, 1);
    }
    return rule;
}

static const char *reason_of(Text text, Arena *arena)
{
    skip_any(&text, " \t:,-");
    while (text.len && strchr(" \t\r*", text.at[text.len - 1]))
        text.len--;
    return arena_copy(arena, text.at, text.len);
}

static const char UNCLOSED[] = "this comment opens a block that is never closed";
static const char UNOPENED[] = "this comment closes a block that was never opened";
static const char NAMELESS[] = "this comment names no rule";

/* The latest open block of that rule ends here. */
static bool close_block(Allows *allows, const Allow *end)
{
    for (uint32_t i = allows->list.n; i-- > 0;) {
        Allow *allow = &allows->list.at[i];
        if (!allow->is_open || strcmp(allow->rule, end->rule) != 0) continue;
        allow->is_open = false;
        allow->last = end->place.line;
        return true;
    }
    return false;
}

static void add(Suppressor *sup, Allows *allows, Allow allow, Text rule, Verb verb)
{
    allow.rule = arena_copy(sup->arena, rule.at, rule.len);
    if (verb == VERB_END && close_block(allows, &allow)) return;
    if (verb != VERB_ALLOW) {
        allow.is_file = false;
        allow.first = allow.place.line;
        allow.last = 0; /* nothing, until it is closed */
        allow.is_open = verb == VERB_BEGIN;
    }
    if (verb == VERB_END) allow.fault = UNOPENED;
    if (!rule.len) allow.fault = NAMELESS;
    vec_push(sup->arena, &allows->list, allow);
}

/* "null-deref,null-arg the reason": commas without blanks, for a reason may have both. */
static void read_allow(Suppressor *sup, Allows *allows, Allow allow, Text text, Verb verb)
{
    VEC(Text) rules = {0};
    skip_any(&text, " \t");
    vec_push(sup->arena, &rules, take_rule(&text));
    while (text.len > 1 && text.at[0] == ',' && is_rule_char(text.at[1])) {
        skip(&text, 1);
        vec_push(sup->arena, &rules, take_rule(&text));
    }
    allow.reason = reason_of(text, sup->arena);
    for (uint32_t i = 0; i < rules.n; i++)
        add(sup, allows, allow, rules.at[i], verb);
}

/* "(bugprone-x, sluice-null-deref): the reason"; a bare NOLINT is not for us. */
static void read_nolint(Suppressor *sup, Allows *allows, Allow allow, Text text,
                        Verb verb)
{
    if (!text.len || text.at[0] != '(') return;
    const char *close = memchr(text.at, ')', text.len);
    if (!close) return;
    Text rest = {close + 1, (size_t)(text.at + text.len - close - 1)};
    allow.reason = reason_of(rest, sup->arena);
    for (Text list = {text.at + 1, (size_t)(close - text.at - 1)}; list.len;) {
        skip_any(&list, " \t,");
        Text rule = take_rule(&list);
        if (starts(rule, OURS)) {
            skip(&rule, strlen(OURS));
            add(sup, allows, allow, rule, verb);
        } else if (!rule.len && list.len) {
            skip(&list, 1);
        }
    }
}

static bool take_word(Text *text, const char *word)
{
    if (!starts(*text, word)) return false;
    skip(text, strlen(word));
    return true;
}

/* The range of lines of "NOLINTNEXTLINE" is clang-tidy's: that one line. */
static void read_nolints(Suppressor *sup, Allows *allows, Allow allow, Text text)
{
    const char *found;
    allow.is_file = false;
    while ((found = memmem(text.at, text.len, NOLINT, strlen(NOLINT)))) {
        skip(&text, (size_t)(found - text.at) + strlen(NOLINT));
        bool is_next = take_word(&text, "NEXTLINE");
        Verb verb = take_word(&text, "BEGIN") ? VERB_BEGIN
                    : take_word(&text, "END") ? VERB_END
                                              : VERB_ALLOW;
        allow.first = allow.last = allow.place.line + is_next;
        read_nolint(sup, allows, allow, text, verb);
    }
}

static void read_comment_line(Suppressor *sup, Allows *allows, const Comment *comment,
                              Text text, uint32_t line)
{
    Allow allow = {.place = {.path = allows->file->path, .line = line, .column = 1},
                   .first = comment->code_first,
                   .last = comment->code_last,
                   .is_file = comment->is_head};
    if (line == comment->line) allow.place.column = comment->column;
    read_nolints(sup, allows, allow, text);
    skip_any(&text, " \t*/!<");
    if (!take_word(&text, ALLOW)) return;
    Verb verb = take_word(&text, "-begin") ? VERB_BEGIN
                : take_word(&text, "-end") ? VERB_END
                                           : VERB_ALLOW;
    if (text.len && !strchr(" \t\r\n", text.at[0])) return;
    read_allow(sup, allows, allow, text, verb);
}

static void read_comment(Suppressor *sup, Allows *allows, const Comment *comment)
{
    if (!memmem(comment->text, comment->len, "sluice", 6)) return;
    Text rest = {comment->text, comment->len};
    for (uint32_t line = comment->line;; line++) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        read_comment_line(sup, allows, comment, (Text){rest.at, len}, line);
        if (!end) return;
        skip(&rest, len + 1);
    }
}

static Allows *allows_of(Suppressor *sup, const char *path)
{
    const SourceFile *file = source_file(sup->source, path);
    uint64_t *known = map_get(&sup->by_file, MAP_KEY(file));
    if (known) return (Allows *)(uintptr_t)*known;
    Allows *allows = ARENA_NEW(sup->arena, Allows);
    allows->file = file;
    map_put(&sup->by_file, MAP_KEY(file), MAP_KEY(allows), NULL);
    if (!file->at || !memmem(file->at, file->len, "sluice", 6)) return allows;
    CommentList comments = comment_list(file, sup->arena);
    for (uint32_t i = 0; i < comments.n; i++)
        read_comment(sup, allows, &comments.at[i]);
    for (uint32_t i = 0; i < allows->list.n; i++)
        if (allows->list.at[i].is_open) allows->list.at[i].fault = UNCLOSED;
    return allows;
}

static bool names_rule(const Allow *allow, const char *rule)
{
    size_t len = strlen(allow->rule);
    if (len && allow->rule[len - 1] == '*') return !strncmp(allow->rule, rule, len - 1);
    return !strcmp(allow->rule, rule);
}

/* Marks every comment that silences `rule` on this line; the reason of the first one. */
static const char *reason_at(Allows *allows, const char *rule, uint32_t line,
                             bool with_file)
{
    const char *reason = NULL;
    for (uint32_t i = 0; i < allows->list.n; i++) {
        Allow *allow = &allows->list.at[i];
        bool here =
            allow->is_file ? with_file : line >= allow->first && line <= allow->last;
        if (!here || !names_rule(allow, rule)) continue;
        allow->is_used = true;
        if (!reason) reason = allow->reason;
    }
    return reason;
}

static void apply_to(Suppressor *sup, Finding *finding)
{
    const char *reason = reason_at(allows_of(sup, finding->place.path), finding->rule_id,
                                   finding->place.line, true);
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Place *place = &finding->steps[i].place;
        Allows *allows = allows_of(sup, place->path);
        const char *other = reason_at(allows, finding->rule_id, place->line, false);
        if (!reason) reason = other;
    }
    if (reason && !finding->suppressed)
        finding->suppressed = reason[0] ? reason : "no reason given";
}

static void remark_on(Suppressor *sup, const Allow *allow, Finding *remark)
{
    remark->tier = TIER_C;
    remark->place = allow->place;
    remark->function = "";
    if (allow->fault) {
        remark->rule_id = SUPPRESS_UNUSED;
        remark->text = arena_printf(sup->arena, "%s, and silences nothing", allow->fault);
        remark->advice = "Write // sluice:allow RULE REASON, or a block from "
                         "sluice:allow-begin RULE REASON to sluice:allow-end RULE.";
    } else if (!allow->is_used) {
        remark->rule_id = SUPPRESS_UNUSED;
        remark->text = arena_printf(sup->arena, "this comment silences no '%s' finding",
                                    allow->rule);
        remark->advice = "Remove the comment, or correct the rule's name.";
    } else {
        remark->rule_id = SUPPRESS_NO_REASON;
        remark->text =
            arena_printf(sup->arena, "'%s' is silenced without a reason", allow->rule);
        remark->advice = "Say why, behind the rule's name.";
    }
    finding_identify(remark, (const char *[]){allow->rule}, 1);
}

static FindingList remarks_make(Suppressor *sup)
{
    VEC(Finding) remarks = {0};
    for (uint32_t i = 0; i < sup->by_file.n; i++) {
        const Allows *allows = (const Allows *)(uintptr_t)sup->by_file.entries[i].value;
        for (uint32_t k = 0; k < allows->list.n; k++) {
            const Allow *allow = &allows->list.at[k];
            if (allow->is_used && allow->reason[0]) continue;
            Finding remark = {0};
            remark_on(sup, allow, &remark);
            vec_push(sup->arena, &remarks, remark);
        }
    }
    FindingList list = {remarks.at, remarks.n};
    finding_settle(&list, sup->source, sup->arena);
    return list;
}

FindingList suppress_apply(FindingList *findings, const char *const *paths,
                           uint32_t npath, Source *source, Arena *arena)
{
    Suppressor sup = {.source = source, .arena = arena};
    map_init(&sup.by_file, arena);
    for (uint32_t i = 0; i < npath; i++)
        allows_of(&sup, paths[i]);
    for (uint32_t i = 0; i < findings->n; i++)
        apply_to(&sup, &findings->at[i]);
    return remarks_make(&sup);
}
