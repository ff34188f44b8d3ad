/* The vocabulary of the text form: what print writes is what read looks up. */
#include "ir/form.h"

#include <string.h>

const uint16_t form_parts[OP_COUNT] = {
    [OP_CONST] = FORM_DST | FORM_TYPE | FORM_IMM | FORM_TEXT,
    [OP_STRING] = FORM_DST | FORM_TYPE | FORM_TEXT,
    [OP_ADDR] = FORM_DST | FORM_TYPE | FORM_ADDR,
    [OP_LOAD] = FORM_DST | FORM_TYPE | FORM_A,
    [OP_STORE] = FORM_TYPE | FORM_A | FORM_B,
    [OP_COPY] = FORM_A | FORM_B | FORM_IMM,
    [OP_FILL] = FORM_A | FORM_IMM,
    [OP_FIELD] = FORM_DST | FORM_TYPE | FORM_A | FORM_FIELD,
    [OP_INDEX] = FORM_DST | FORM_TYPE | FORM_A | FORM_B | FORM_IMM,
    [OP_CALC] = FORM_DST | FORM_TYPE | FORM_A | FORM_B_MAYBE,
    [OP_CALL] = FORM_DST_MAYBE | FORM_TYPE | FORM_CALLEE | FORM_ARGS,
    [OP_ASSUME] = FORM_A,
    [OP_ASM] = FORM_ARGS,
    [OP_OPAQUE] = FORM_DST_MAYBE | FORM_TYPE | FORM_TEXT | FORM_ARGS,
    [OP_END] = FORM_LOCAL,
    [OP_JUMP] = FORM_SUCC,
    [OP_BRANCH] = FORM_A | FORM_SUCC,
    [OP_SWITCH] = FORM_A | FORM_SUCC,
    [OP_RETURN] = FORM_A_MAYBE,
    [OP_STOP] = 0,
};

bool form_is_unary(Calc calc)
{
    return calc == CALC_NEG || calc == CALC_NOT || calc == CALC_FLIP || calc == CALC_CAST;
}

const FormWord form_ins_flags[] = {
    {"unsigned", INS_UNSIGNED},
    {"volatile", INS_VOLATILE},
    {"arg", INS_MACRO_ARG},
    {"init", INS_DECL_INIT},
    {"implicit", INS_IMPLICIT},
    {"loop", INS_LOOP_BRANCH},
    {"bits", INS_BITFIELD},
    {"arrow", INS_ARROW},
    {"cast", INS_EXPLICIT_CAST},
    {"memory", INS_MEMORY},
    {NULL, 0},
};

const FormWord form_local_flags[] = {
    {"param", LOCAL_PARAM},        {"temporary", LOCAL_TEMPORARY},
    {"addr", LOCAL_ADDRESS_TAKEN}, {"volatile", LOCAL_VOLATILE},
    {"static", LOCAL_STATIC_DATA}, {NULL, 0},
};

const FormWord form_fn_flags[] = {
    {"static", FN_STATIC},
    {"header", FN_INLINE_IN_HEADER},
    {"variadic", FN_VARIADIC},
    {"noreturn", FN_NORETURN},
    {"returns_nonnull", FN_RETURNS_NONNULL},
    {"returns_nullable", FN_RETURNS_NULLABLE},
    {"malloc", FN_MALLOC},
    {"system", FN_SYSTEM_HEADER},
    {"weak", FN_WEAK},
    {"constructor", FN_CONSTRUCTOR},
    {"unprototyped", FN_UNPROTOTYPED},
    {"pure", FN_PURE},
    {"alloc_size", FN_ALLOC_SIZE},
    {NULL, 0},
};

const FormWord form_global_flags[] = {
    {"static", GLOBAL_STATIC},   {"extern", GLOBAL_EXTERN},     {"const", GLOBAL_CONST},
    {"thread", GLOBAL_THREAD},   {"zeroed", GLOBAL_ZEROED},     {"weak", GLOBAL_WEAK},
    {"nonnull", GLOBAL_NONNULL}, {"nullable", GLOBAL_NULLABLE}, {NULL, 0},
};

const char form_access[ACCESS_COUNT] = {'-', 'n', 'r', 'w', 'b'};

const char *const form_status[3] = {
    [UNIT_COMPLETE] = "complete", [UNIT_PARTIAL] = "partial", [UNIT_FAILED] = "failed"};
const char *const form_note[3] = {
    [NOTE_ERROR] = "error", [NOTE_MISSING] = "missing", [NOTE_ADAPTED] = "adapted"};
const char form_type_letters[TYPE_AGGREGATE + 1] = {'v', 'i', 'f', 'p', 'a'};

const char *form_word(Op op, Calc calc)
{
    static const char *const ops[OP_COUNT] = {
#define OP(name, text, is_terminator) text,
#include "ir/ops.def"
#undef OP
    };
    static const char *const calcs[CALC_COUNT] = {
#define CALC(name, text) text,
#include "ir/calcs.def"
#undef CALC
    };
    if (op == OP_CALC && calc < CALC_COUNT) return calcs[calc];
    return op < OP_COUNT ? ops[op] : "unknown";
}

/* Letters, digits and what stands in paths, link names and the tags of nameless records;
 * 2: not as the first. */
#define RANGE8(c)                                                                        \
    [c] = 1, [c + 1] = 1, [c + 2] = 1, [c + 3] = 1, [c + 4] = 1, [c + 5] = 1,            \
    [c + 6] = 1, [c + 7] = 1
const uint8_t form_plain[256] = {
    RANGE8('a'), RANGE8('i'), RANGE8('q'), ['y'] = 1, ['z'] = 1,   RANGE8('A'),
    RANGE8('I'), RANGE8('Q'), ['Y'] = 1,   ['Z'] = 1, RANGE8('0'), ['8'] = 1,
    ['9'] = 1,   ['_'] = 1,   ['.'] = 1,   ['/'] = 1, ['-'] = 2,   ['+'] = 2,
    ['@'] = 2,   [':'] = 2,   ['$'] = 2,   ['{'] = 2, ['}'] = 2,   [','] = 2,
};
#undef RANGE8

bool form_is_plain(const char *text, size_t len)
{
    if (len == 0 || form_plain[(uint8_t)text[0]] != 1) return false;
    for (size_t i = 1; i < len; i++)
        if (!form_plain[(uint8_t)text[i]]) return false;
    return true;
}

size_t form_tag(const Name *record)
{
    const char *at = memchr(record->text, '@', record->len);
    return at ? (size_t)(at - record->text) : record->len;
}
