/*
 * Text to IR: function bodies, where nearly all of the text is.
 *
 * The lines of a body are counted before they are read, so that its arrays are made once
 * and in one piece. What an instruction's line holds follows from form.h, as in print.
 */
#include <string.h>

#include "ir/reader.h"

typedef struct BodyCounts {
    uint32_t nlocal, nblock, nins;
} BodyCounts;

typedef enum LineKind {
    LINE_INS,
    LINE_BLOCK,
    LINE_LOCAL,
    LINE_NOTHING,
    LINE_OTHER
} LineKind;

static LineKind line_kind(const char *at)
{
    switch (*at) {
    case ' ': return LINE_INS;
    case 'b': return scan_is_digit(at[1]) ? LINE_BLOCK : LINE_OTHER;
    case 'l': return LINE_LOCAL;
    case ';':
    case '\n': return LINE_NOTHING;
    default: return LINE_OTHER;
    }
}

static BodyCounts count_lines(const Scan *scan)
{
    BodyCounts counts = {0};
    const char *end = scan->text + scan->len;
    for (const char *at = scan->at; *at;
         at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1) {
        LineKind kind = line_kind(at);
        if (kind == LINE_OTHER) break;
        counts.nins += kind == LINE_INS;
        counts.nblock += kind == LINE_BLOCK;
        counts.nlocal += kind == LINE_LOCAL;
    }
    return counts;
}

/* The words instructions start with. */

static struct ReaderWord *word_slot(Reader *reader, uint64_t text)
{
    const uint32_t mask = sizeof reader->words / sizeof *reader->words - 1;
    uint32_t i = (uint32_t)((text * 0x9e3779b97f4a7c15u) >> 40) & mask;
    while (reader->words[i].text && reader->words[i].text != text)
        i = (i + 1) & mask;
    return &reader->words[i];
}

static void add_word(Reader *reader, Op op, Calc calc)
{
    const char *word = form_word(op, calc);
    uint64_t text = 0;
    for (; *word; word++)
        text = text << 8 | (uint8_t)*word;
    *word_slot(reader, text) = (struct ReaderWord){text, op, calc};
}

void reader_words(Reader *reader)
{
    for (uint32_t op = 0; op < OP_COUNT; op++)
        if (op != OP_CALC) add_word(reader, (Op)op, 0);
    for (uint32_t calc = 0; calc < CALC_COUNT; calc++)
        add_word(reader, OP_CALC, (Calc)calc);
}

static bool read_word(Reader *reader, Ins *ins)
{
    Scan *scan = &reader->scan;
    const char *at = scan->at;
    uint64_t text = 0;
    for (; *at >= 'a' && *at <= 'z'; at++)
        text = text << 8 | (uint8_t)*at;
    const struct ReaderWord *word = word_slot(reader, text);
    if (at > scan->at + 8 || !text || !word->text)
        return scan_fail(scan, "unknown operation '%.*s'", scan_rest(scan->at), scan->at);
    scan->at = at;
    ins->op = word->op;
    ins->calc = word->calc;
    return true;
}

/* Parts of an instruction. */

static bool read_val(Scan *scan, Val *val)
{
    scan_blanks(scan);
    if (!scan_take(scan, '%')) return scan_fail(scan, "a value (%%1) is missing");
    return scan_number(scan, val);
}

static bool read_addr(Reader *reader, Ins *ins)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (scan_take(scan, '$')) {
        ins->ref = REF_GLOBAL;
        return read_label(reader, &reader->global_labels, "global", &ins->global);
    }
    if (scan_take(scan, '&')) {
        ins->ref = REF_FN;
        return read_label(reader, &reader->fn_labels, "function", &ins->fn);
    }
    ins->ref = REF_LOCAL;
    return read_label(reader, &reader->locals, "local", &ins->local);
}

static bool read_callee(Reader *reader, Ins *ins)
{
    scan_blanks(&reader->scan);
    if (scan_take(&reader->scan, '*')) return read_val(&reader->scan, &ins->a);
    ins->ref = REF_FN;
    return read_label(reader, &reader->fn_labels, "function", &ins->fn);
}

static bool read_args(Reader *reader, Ins *ins)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (!scan_take(scan, '(')) return scan_fail(scan, "a ( is missing");
    uint32_t n = 0;
    for (const char *at = scan->at; *at != ')' && *at != '\n'; at++)
        n += *at == '%';
    Val *args = n ? ARENA_ARRAY(reader->arena, Val, n) : NULL;
    for (uint32_t i = 0; i < n; i++)
        if (!read_val(scan, &args[i])) return false;
    ins->args = args;
    ins->narg = n;
    return scan_take(scan, ')') || scan_fail(scan, "a ) is missing");
}

static bool read_block_name(Reader *reader, uint32_t nblock, uint32_t *block)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (!scan_take(scan, 'b')) return scan_fail(scan, "a block (b1) is missing");
    if (!scan_number(scan, block)) return false;
    return *block < nblock || scan_fail(scan, "there is no block b%u", *block);
}

static bool read_case(Scan *scan, Case *one)
{
    scan_blanks(scan);
    if (!scan_signed(scan, &one->low)) return false;
    one->high = one->low;
    if (scan->at[0] == '.' && scan->at[1] == '.') {
        scan->at += 2;
        if (!scan_signed(scan, &one->high)) return false;
    }
    return scan_take(scan, ':') ||
           scan_fail(scan, "a case is VALUE:BLOCK or LOW..HIGH:BLOCK");
}

/* A line has at most as many cases as colons. */
static bool read_cases(Reader *reader, Block *block, uint32_t nblock)
{
    Scan *scan = &reader->scan;
    uint32_t room = 1;
    for (const char *at = scan->at; *at != '\n'; at++)
        room += *at == ':';
    uint32_t *succ = ARENA_ARRAY(reader->arena, uint32_t, room);
    Case *cases = ARENA_ARRAY(reader->arena, Case, room);
    block->succ = succ;
    block->cases = cases;
    if (!read_block_name(reader, nblock, &succ[0])) return false;
    block->nsucc = 1;
    for (scan_blanks(scan); scan_is_digit(*scan->at) || *scan->at == '-';
         scan_blanks(scan)) {
        if (!read_case(scan, &cases[block->nsucc - 1]) ||
            !read_block_name(reader, nblock, &succ[block->nsucc]))
            return false;
        block->nsucc++;
    }
    return true;
}

static bool read_succ(Reader *reader, Block *block, uint32_t nblock, Op op)
{
    if (op == OP_SWITCH) return read_cases(reader, block, nblock);
    uint32_t n = op == OP_BRANCH ? 2 : 1;
    uint32_t *succ = ARENA_ARRAY(reader->arena, uint32_t, n);
    block->succ = succ;
    block->nsucc = n;
    for (uint32_t i = 0; i < n; i++)
        if (!read_block_name(reader, nblock, &succ[i])) return false;
    return true;
}

static bool read_parts(Reader *reader, Ins *ins, uint32_t parts)
{
    Scan *scan = &reader->scan;
    if (parts & FORM_TYPE && !scan_type(scan, &ins->type)) return false;
    scan_blanks(scan);
    if (parts & FORM_A || (parts & FORM_A_MAYBE && *scan->at == '%'))
        if (!read_val(scan, &ins->a)) return false;
    scan_blanks(scan);
    if (parts & FORM_B || (parts & FORM_B_MAYBE && *scan->at == '%'))
        if (!read_val(scan, &ins->b)) return false;
    if (parts & FORM_FIELD) {
        ins->ref = REF_FIELD;
        if (!read_label(reader, &reader->field_labels, "field", &ins->field))
            return false;
    }
    scan_blanks(scan);
    if (parts & FORM_IMM) {
        if (!scan_signed(scan, &ins->imm)) return false;
        scan_blanks(scan);
    }
    if (parts & (FORM_ADDR | FORM_LOCAL) && !read_addr(reader, ins)) return false;
    if (parts & FORM_TEXT && *scan->at == '"' && !read_name(reader, &ins->text))
        return false;
    if (parts & FORM_CALLEE && !read_callee(reader, ins)) return false;
    return !(parts & FORM_ARGS) || read_args(reader, ins);
}

static bool read_attributes(Reader *reader, Ins *ins)
{
    Scan *scan = &reader->scan;
    uint32_t flags = 0;
    ins->loc = reader->last;
    for (;;) {
        bool ok = true;
        switch (*scan->at) {
        case ' ': scan->at++; break;
        case '\n':
            scan->at++;
            ins->flags = flags & 0xffff;
            return true;
        case '!':
            scan->at++;
            ok = scan_flag(scan, form_ins_flags, &flags);
            break;
        case '^':
            scan->at++;
            ok = read_label(reader, &reader->macro_labels, "macro", &ins->macro);
            break;
        case '@':
            scan->at++;
            ok = read_loc(reader, &ins->loc);
            break;
        case ':':
            scan->at++;
            ok = scan_type(scan, &ins->type);
            break;
        default: return scan_end(scan);
        }
        if (!ok) return false;
    }
}

static bool read_ins(Reader *reader, Ins *ins, Block *block, uint32_t nblock)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (*scan->at == '%') {
        if (!read_val(scan, &ins->dst)) return false;
        scan_blanks(scan);
        if (!scan_take(scan, '=')) return scan_fail(scan, "a = is missing");
        scan_blanks(scan);
    }
    if (!read_word(reader, ins)) return false;
    uint32_t parts = form_parts[ins->op];
    if (!read_parts(reader, ins, parts)) return false;
    if (parts & FORM_SUCC) {
        if (block->nsucc) return scan_fail(scan, "a second terminator in a block");
        if (!read_succ(reader, block, nblock, ins->op)) return false;
    }
    return read_attributes(reader, ins);
}

static bool read_local(Reader *reader, Body *body)
{
    Scan *scan = &reader->scan;
    ScanWord word;
    if (!scan_keyword(scan, "local")) return scan_fail(scan, "expected a local");
    if (!scan_label(scan, &word) || !labels_add(&reader->locals, scan, word))
        return false;
    Local *local = &body->locals[body->nlocal++];
    local->name = name_of_range(reader->names, word.text, word.len);
    return scan_type(scan, &local->type) &&
           read_tail(reader, form_local_flags, &local->flags, &local->loc);
}

/* body NAME [values N] [degraded] [@LOC] */
static bool read_body_row(Reader *reader, Body *body)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (scan_keyword(scan, "values")) {
        scan_blanks(scan);
        if (!scan_number(scan, &body->nval)) return false;
        scan_blanks(scan);
    }
    body->degraded = scan_keyword(scan, "degraded");
    return read_tail(reader, NULL, NULL, &body->end);
}

static bool read_lines(Reader *reader, Body *body, Ins *ins, uint32_t nblock)
{
    Scan *scan = &reader->scan;
    Block *block = NULL;
    Val top = 0;
    for (;;) {
        switch (line_kind(scan->at)) {
        case LINE_INS:
            if (!block) return scan_fail(scan, "an instruction outside a block");
            if (!read_ins(reader, ins, block, nblock)) return false;
            if (ins->dst > top) top = ins->dst;
            block->nins++;
            ins++;
            break;
        case LINE_BLOCK: {
            uint32_t id = 0;
            if (!read_block_name(reader, nblock, &id)) return false;
            if (id != body->nblock)
                return scan_fail(scan, "block b%u stands where b%u is due", id,
                                 body->nblock);
            if (!scan_take(scan, ':')) return scan_fail(scan, "a : is missing");
            if (!scan_end(scan)) return false;
            block = &body->blocks[body->nblock++];
            block->ins = ins;
            break;
        }
        case LINE_LOCAL:
            if (!read_local(reader, body)) return false;
            break;
        case LINE_NOTHING: scan->at = strchr(scan->at, '\n') + 1; break;
        case LINE_OTHER:
            if (!body->nval) body->nval = top < UINT32_MAX ? top + 1 : top;
            return true;
        }
    }
}

bool read_body(Reader *reader, Fn *fn)
{
    Body *body = fn->body = ARENA_NEW(reader->arena, Body);
    Loc kept = reader->last;
    reader->last = fn->loc;
    reader->base_file = fn->loc.file;
    reader->base_line = fn->loc.line;
    if (!read_body_row(reader, body)) return false;
    BodyCounts counts = count_lines(&reader->scan);
    body->blocks = ARENA_ARRAY(reader->arena, Block, counts.nblock);
    body->locals = ARENA_ARRAY(reader->arena, Local, (size_t)counts.nlocal + 1);
    body->locals[0].name = name_of(reader->names, "");
    body->nlocal = 1;
    Ins *ins = ARENA_ARRAY(reader->arena, Ins, counts.nins);
    ArenaMark mark = arena_mark(reader->scratch);
    labels_init(&reader->locals, reader->scratch, counts.nlocal);
    bool ok = read_lines(reader, body, ins, counts.nblock);
    arena_reset(reader->scratch, mark);
    reader->last = kept;
    reader->base_file = reader->base_line = 0;
    return ok;
}
