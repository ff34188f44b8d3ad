/* One instruction at a time: where it stands, which type it moves. */
#include <string.h>

#include "frontend/lower.h"

enum { MAX_STRING = 200 };

Ins emit_at(Lower *lower, const Node *node, Op op)
{
    Spot spot = source_spot(lower->parse, clang_getCursorLocation(node->cursor));
    Ins ins = {.op = op, .loc = spot.loc, .macro = spot.macro};
    if (spot.is_macro_arg) ins.flags = INS_MACRO_ARG;
    if (lower->is_assumed) ins.flags |= INS_IMPLICIT;
    return ins;
}

Val emit_const(Lower *lower, const Node *node, Type type, int64_t value)
{
    Ins ins = emit_at(lower, node, OP_CONST);
    ins.type = type;
    ins.imm = value;
    return build_ins(lower->body, ins);
}

Val emit_enumerator(Lower *lower, Node *node, Type type, int64_t value)
{
    Ins ins = emit_at(lower, node, OP_CONST);
    ins.type = type;
    ins.imm = value;
    Node *inner = node_strip(lower->parse, node);
    if (inner && node_kind(inner) == CXCursor_DeclRefExpr) {
        Decl *decl = node_decl(lower->parse, inner);
        if (decl->kind == DECL_ENUM && !decl->name)
            decl->name = source_string(clang_getCursorSpelling(inner->cursor),
                                       lower->parse->tables);
        if (decl->kind == DECL_ENUM)
            ins.text = build_name(lower->parse->build, decl->name);
    }
    return build_ins(lower->body, ins);
}

Val emit_local(Lower *lower, const Node *node, LocalId local)
{
    Ins ins = emit_at(lower, node, OP_ADDR);
    ins.type = type_pointer();
    ins.ref = REF_LOCAL;
    ins.local = local;
    return build_ins(lower->body, ins);
}

Val emit_decl(Lower *lower, const Node *node, const Decl *decl)
{
    Ins ins = emit_at(lower, node, OP_ADDR);
    ins.type = type_pointer();
    if (decl->kind == DECL_LOCAL) {
        ins.ref = REF_LOCAL;
        ins.local = decl->id;
    } else if (decl->kind == DECL_GLOBAL) {
        ins.ref = REF_GLOBAL;
        ins.global = decl->id;
    } else if (decl->kind == DECL_FN && (decl->id || decl->plain)) {
        ins.type.to_function = true;
        ins.ref = REF_FN;
        ins.fn = decl->id ? decl->id : decl->plain;
    } else {
        return emit_opaque(lower, node, "name", NULL, 0, type_pointer());
    }
    return build_ins(lower->body, ins);
}

Val emit_load(Lower *lower, const Node *node, Val address, Type type)
{
    Ins ins = emit_at(lower, node, OP_LOAD);
    ins.a = address;
    ins.type = type;
    return build_ins(lower->body, ins);
}

void emit_store(Lower *lower, const Node *node, Val address, Val value, Type type)
{
    Ins ins = emit_at(lower, node, OP_STORE);
    ins.a = address;
    ins.b = value;
    ins.type = type;
    build_ins(lower->body, ins);
}

void emit_copy(Lower *lower, const Node *node, Val to, Val from, uint32_t size)
{
    Ins ins = emit_at(lower, node, OP_COPY);
    ins.a = to;
    ins.b = from;
    ins.imm = size;
    ins.type = (Type){.kind = TYPE_AGGREGATE, .size = size};
    build_ins(lower->body, ins);
}

void emit_fill(Lower *lower, const Node *node, Val address, uint32_t size)
{
    Ins ins = emit_at(lower, node, OP_FILL);
    ins.a = address;
    ins.imm = size;
    ins.flags |= INS_DECL_INIT;
    ins.type = (Type){.kind = TYPE_AGGREGATE, .size = size};
    build_ins(lower->body, ins);
}

Val emit_calc(Lower *lower, const Node *node, Calc calc, Val a, Val b, Type type)
{
    Ins ins = emit_at(lower, node, OP_CALC);
    ins.calc = calc;
    ins.a = a;
    ins.b = b;
    ins.type = type;
    return build_ins(lower->body, ins);
}

Val emit_field(Lower *lower, const Node *node, Val base, const Decl *field, bool is_arrow)
{
    Ins ins = emit_at(lower, node, OP_FIELD);
    ins.a = base;
    ins.ref = REF_FIELD;
    ins.field = field->id;
    ins.type = type_pointer();
    if (is_arrow) ins.flags |= INS_ARROW;
    return build_ins(lower->body, ins);
}

Val emit_index(Lower *lower, const Node *node, Val base, Val index, uint32_t stride)
{
    Ins ins = emit_at(lower, node, OP_INDEX);
    ins.a = base;
    ins.b = index;
    ins.imm = stride;
    ins.type = type_pointer();
    return build_ins(lower->body, ins);
}

Val emit_opaque(Lower *lower, const Node *node, const char *what, const Val *args,
                uint32_t n, Type type)
{
    Ins ins = emit_at(lower, node, OP_OPAQUE);
    Val *kept = build_vals(lower->body, n);
    if (n) memcpy(kept, args, n * sizeof *args);
    ins.args = kept;
    ins.narg = n;
    ins.type = type;
    ins.text = build_name(lower->parse->build, what);
    return build_ins(lower->body, ins);
}

static int escaped(char c)
{
    static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
    const char *at = c ? strchr(from, c) : NULL;
    return at ? to[at - from] : c;
}

/* The spelling is quoted and escaped, "%s\n": bring back the text, up to its first NUL. */
static const char *string_text(Lower *lower, const Node *node)
{
    const char *text = source_string(clang_getCursorSpelling(node->cursor), lower->nodes);
    const char *at = strchr(text, '"');
    char *out = arena_take(lower->nodes, MAX_STRING + 1, 1);
    size_t n = 0;
    for (at = at ? at + 1 : ""; *at && *at != '"' && n < MAX_STRING; at++) {
        if (*at != '\\') {
            out[n++] = *at;
        } else if (at[1] >= '0' && at[1] <= '7') {
            int code = 0;
            for (int i = 0; i < 3 && at[1] >= '0' && at[1] <= '7'; i++)
                code = code * 8 + (*++at - '0');
            if (!code) break;
            out[n++] = (char)code;
        } else if (at[1]) {
            out[n++] = (char)escaped(*++at);
        }
    }
    return out;
}

Val emit_string(Lower *lower, const Node *node)
{
    Ins ins = emit_at(lower, node, OP_STRING);
    ins.type = type_pointer();
    ins.text = build_name(lower->parse->build, string_text(lower, node));
    return build_ins(lower->body, ins);
}

LocalId emit_temporary(Lower *lower, const Node *node, Type type)
{
    Loc loc = source_spot(lower->parse, clang_getCursorLocation(node->cursor)).loc;
    return build_local(lower->body, "", type, LOCAL_TEMPORARY, loc);
}

Kept emit_keep(Lower *lower, const Node *node, Val val, Type type, bool must_survive)
{
    Kept kept = {.val = val, .type = type};
    if (!must_survive || !val) return kept;
    if (type.kind == TYPE_AGGREGATE) kept.type = type_pointer();
    kept.local = emit_temporary(lower, node, kept.type);
    emit_store(lower, node, emit_local(lower, node, kept.local), val, kept.type);
    return kept;
}

Val emit_kept(Lower *lower, const Node *node, const Kept *kept)
{
    if (!kept->local) return kept->val;
    return emit_load(lower, node, emit_local(lower, node, kept->local), kept->type);
}

void emit_jump(Lower *lower, const Node *node, uint32_t to)
{
    Spot spot = source_spot(lower->parse, clang_getCursorLocation(node->cursor));
    build_jump(lower->body, spot.loc, to);
}
