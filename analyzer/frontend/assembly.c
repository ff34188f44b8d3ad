/*
 * Inline assembly: what it may write is forgotten.
 *
 * libclang shows the operand expressions only; that memory is clobbered is read from the
 * text. An operand that is an lvalue may be an
 * output; a pointer that goes in may be written through. With `asm goto` control may go to
 * any label of the function.
 */
#include "frontend/lower.h"

static bool is_goto(Lower *lower, const Node *node)
{
    Text text = source_text(lower->parse, clang_getCursorLocation(node->cursor));
    size_t n = 0;
    while (text.left && *text.at != '(') {
        for (n = 0; n < text.left &&
                    (text.at[n] == '_' || (text.at[n] >= 'a' && text.at[n] <= 'z'));)
            n++;
        if (!n) return false;
        if (text_is_word(text, "goto")) return true;
        text = text_skip(text, n);
    }
    return false;
}

/* The text from a quote to behind the next one. */
static Text text_skip_string(Text text)
{
    size_t n = 1;
    while (n < text.left && text.at[n] != '"')
        n += text.at[n] == '\\' && n + 1 < text.left ? 2 : 1;
    return text_skip(text, n < text.left ? n + 1 : text.left);
}

/* One of its strings is "memory". */
static bool clobbers_memory(Lower *lower, const Node *node)
{
    static const char word[] = "\"memory\"";
    Text text = source_text(lower->parse, clang_getCursorLocation(node->cursor));
    for (int depth = 0; text.left;) {
        if (*text.at == '"') {
            if (text.left >= strlen(word) && !memcmp(text.at, word, strlen(word)))
                return true;
            text = text_skip_string(text);
            continue;
        }
        depth += (*text.at == '(') - (*text.at == ')');
        if (*text.at == ';' || *text.at == '}' || (*text.at == ')' && depth <= 0)) break;
        text = text_skip(text, 1);
    }
    return false;
}

static void branch_anywhere(Lower *lower, Node *node)
{
    uint32_t n = lower->labels.n, next = build_block(lower->body);
    Case *cases = ARENA_ARRAY(lower->nodes, Case, n);
    uint32_t *to = ARENA_ARRAY(lower->nodes, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        cases[i] = (Case){i + 1, i + 1};
        to[i] = lower->labels.at[i].block;
    }
    Ins at = emit_at(lower, node, OP_SWITCH);
    at.type = type_int();
    at.a = emit_opaque(lower, node, "asm goto", NULL, 0, type_int());
    build_switch(lower->body, at, cases, to, n, next);
    build_enter(lower->body, next);
}

void lower_assembly(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    uint32_t room = node_count(node), n = 0;
    Node **nodes = ARENA_ARRAY(lower->nodes, Node *, room);
    Kept *kept = ARENA_ARRAY(lower->nodes, Kept, room);
    bool has_flow = false;
    for (Node *child = node->first; child; child = child->next)
        has_flow |= node_is_expr(child) && child->has_flow;
    for (Node *child = node->first; child; child = child->next) {
        if (!node_is_expr(child)) continue;
        bool is_place =
            node_is_lvalue(parse, child) && node_kind(child) != CXCursor_StringLiteral;
        bool is_pointer = type_is_pointer(node_type(parse, child));
        Val value = is_place ? lower_address(lower, child) : lower_value(lower, child);
        if (is_place) lower_taken(lower, child);
        if (!is_place && !is_pointer) continue;
        nodes[n] = child;
        kept[n++] = emit_keep(lower, child, value, type_pointer(), has_flow);
    }
    Ins ins = emit_at(lower, node, OP_ASM);
    if (clobbers_memory(lower, node)) ins.flags |= INS_MEMORY;
    Val *args = build_vals(lower->body, n);
    for (uint32_t i = 0; i < n; i++)
        args[i] = emit_kept(lower, nodes[i], &kept[i]);
    ins.args = args;
    ins.narg = n;
    build_ins(lower->body, ins);
    if (is_goto(lower, node)) branch_anywhere(lower, node);
}
