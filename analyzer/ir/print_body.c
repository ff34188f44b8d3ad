/* IR as text: function bodies. One instruction a line; form.h says which parts it has. */
#include "ir/pen.h"
#include "ir/print.h"

static void print_val(Printer *printer, Val val)
{
    pen_char(&printer->pen, '%');
    pen_number(&printer->pen, val);
}

static void print_addr(Printer *printer, const Ins *ins)
{
    switch (ins->ref) {
    case REF_LOCAL: print_label(printer, PEN_LOCALS, ins->local); return;
    case REF_GLOBAL:
        pen_char(&printer->pen, '$');
        print_label(printer, PEN_GLOBALS, ins->global);
        return;
    case REF_FN:
        pen_char(&printer->pen, '&');
        print_label(printer, PEN_FNS, ins->fn);
        return;
    case REF_NONE:
    case REF_FIELD: break;
    }
    pen_char(&printer->pen, '?');
}

static void print_args(Printer *printer, const Ins *ins)
{
    for (uint32_t i = 0; i < ins->narg; i++) {
        pen_char(&printer->pen, i ? ' ' : '(');
        print_val(printer, ins->args[i]);
    }
    pen_text(&printer->pen, ins->narg ? ")" : "()");
}

static void print_callee(Printer *printer, const Ins *ins)
{
    if (ins->a || ins->ref != REF_FN) {
        pen_char(&printer->pen, '*');
        print_val(printer, ins->a);
    } else {
        print_label(printer, PEN_FNS, ins->fn);
    }
}

static void print_succ(Printer *printer, const Block *block)
{
    Pen *pen = &printer->pen;
    for (uint32_t i = 0; i < block->nsucc; i++) {
        pen_char(pen, ' ');
        if (block->cases && i) {
            const Case *one = &block->cases[i - 1];
            pen_signed(pen, one->low);
            if (one->high != one->low) {
                pen_text(pen, "..");
                pen_signed(pen, one->high);
            }
            pen_char(pen, ':');
        }
        pen_char(pen, 'b');
        pen_number(pen, block->succ[i]);
    }
}

static void print_parts(Printer *printer, const Ins *ins, const Block *block,
                        uint32_t parts)
{
    Pen *pen = &printer->pen;
    if (parts & FORM_TYPE) {
        pen_char(pen, ' ');
        pen_type(pen, ins->type);
    }
    if ((parts & FORM_A) || ((parts & FORM_A_MAYBE) && ins->a)) {
        pen_char(pen, ' ');
        print_val(printer, ins->a);
    }
    if ((parts & FORM_B) || ((parts & FORM_B_MAYBE) && ins->b)) {
        pen_char(pen, ' ');
        print_val(printer, ins->b);
    }
    if (parts & FORM_FIELD) {
        pen_char(pen, ' ');
        print_label(printer, PEN_FIELDS, ins->field);
    }
    if (parts & FORM_IMM) {
        pen_char(pen, ' ');
        pen_signed(pen, ins->imm);
    }
    if (parts & (FORM_ADDR | FORM_LOCAL)) {
        pen_char(pen, ' ');
        print_addr(printer, ins);
    }
    if ((parts & FORM_TEXT) && ins->text) {
        pen_char(pen, ' ');
        pen_quoted(pen, ins->text->text, ins->text->len);
    }
    if (parts & (FORM_CALLEE | FORM_ARGS)) pen_char(pen, ' ');
    if (parts & FORM_CALLEE) print_callee(printer, ins);
    if (parts & FORM_ARGS) print_args(printer, ins);
    if (parts & FORM_SUCC) print_succ(printer, block);
}

static bool type_is_zero(Type type)
{
    return type.kind == TYPE_VOID && !type.is_signed && !type.to_const &&
           !type.to_function && !type.size;
}

static void print_ins(Printer *printer, const Ins *ins, const Block *block)
{
    Pen *pen = &printer->pen;
    pen_char(pen, ' ');
    if (ins->dst) {
        print_val(printer, ins->dst);
        pen_bytes(pen, " = ", 3);
    }
    pen_text(pen, form_word(ins->op, ins->calc));
    uint32_t parts = ins->op < OP_COUNT ? form_parts[ins->op] : 0;
    print_parts(printer, ins, block, parts);
    if (!(parts & FORM_TYPE) && !type_is_zero(ins->type)) {
        pen_bytes(pen, " :", 2);
        pen_type(pen, ins->type);
    }
    if (ins->flags) pen_flags(pen, ins->flags, form_ins_flags);
    if (ins->macro) {
        pen_bytes(pen, " ^", 2);
        print_label(printer, PEN_MACROS, ins->macro);
    }
    print_loc(printer, ins->loc);
    pen_char(pen, '\n');
}

static void print_locals(Printer *printer, const Body *body)
{
    Pen *pen = &printer->pen;
    for (uint32_t i = 1; i < body->nlocal; i++) {
        const Local *local = &body->locals[i];
        pen_text(pen, "local ");
        print_label(printer, PEN_LOCALS, i);
        pen_char(pen, ' ');
        pen_type(pen, local->type);
        pen_flags(pen, local->flags, form_local_flags);
        print_loc(printer, local->loc);
        pen_char(pen, '\n');
    }
}

/* One more than the highest value given: what a reader takes when nothing is said. */
static uint32_t values_given(const Body *body)
{
    uint32_t top = 0;
    for (uint32_t i = 0; i < body->nblock; i++)
        for (uint32_t k = 0; k < body->blocks[i].nins; k++)
            if (body->blocks[i].ins[k].dst > top) top = body->blocks[i].ins[k].dst;
    return top + 1;
}

void print_body(Printer *printer, FnId id, const Fn *fn)
{
    Pen *pen = &printer->pen;
    const Body *body = fn->body;
    ArenaMark mark = arena_mark(printer->scratch);
    labels_of_locals(printer, body);
    printer->last = fn->loc;
    printer->base_file = fn->loc.file;
    printer->base_line = fn->loc.line;
    pen_text(pen, "body ");
    print_label(printer, PEN_FNS, id);
    if (body->nval != values_given(body)) {
        pen_text(pen, " values ");
        pen_number(pen, body->nval);
    }
    if (body->degraded) pen_text(pen, " degraded");
    print_loc(printer, body->end);
    pen_char(pen, '\n');
    print_locals(printer, body);
    for (uint32_t i = 0; i < body->nblock; i++) {
        pen_char(pen, 'b');
        pen_number(pen, i);
        pen_bytes(pen, ":\n", 2);
        const Block *block = &body->blocks[i];
        for (uint32_t k = 0; k < block->nins; k++)
            print_ins(printer, &block->ins[k], block);
    }
    arena_reset(printer->scratch, mark);
}
