/*
 * IR as text: the tables of a unit, and what rows are called.
 *
 * Rows are mentioned by name, not by number, so that the text of a function says the same
 * in every unit: its hash is a content hash, and a golden file does not change when a row
 * is added above. Rendering a name once per row keeps a mention at one copy.
 */
#include "ir/print.h"

#include <string.h>

#include "base/map.h"
#include "ir/pen.h"

/* "name", "name~2": the nth row of this name. Nameless rows are ~1, ~2. */
static PenLabel label_render(Arena *arena, const Name *name, uint32_t nth)
{
    if (nth == 1 && form_is_plain(name->text, name->len))
        return (PenLabel){name->text, name->len};
    Buf text;
    buf_init(&text, arena);
    Pen pen = {.out = &text};
    if (name->len) pen_word(&pen, name);
    if (nth > 1 || !name->len) {
        pen_char(&pen, '~');
        pen_number(&pen, nth);
    }
    pen_flush(&pen);
    return (PenLabel){text.at, text.n};
}

/* Names are interned, so counting how often one has come needs only its pointer. */
static void labels_add(PenLabels *labels, Map *seen, const Name *name, Arena *arena)
{
    uint32_t id = ++labels->n;
    uint64_t *count = map_put(seen, MAP_KEY(name), 0, NULL);
    labels->nth[id] = (uint32_t)++ * count;
    labels->at[id] = label_render(arena, name, labels->nth[id]);
}

static Map labels_begin(PenLabels *labels, uint32_t n, Arena *arena)
{
    *labels = (PenLabels){.at = ARENA_ARRAY(arena, PenLabel, (size_t)n + 1),
                          .nth = ARENA_ARRAY(arena, uint32_t, (size_t)n + 1)};
    Map seen;
    map_init(&seen, arena);
    return seen;
}

static void labels_of_names(Printer *printer, PenTable table, const Name **names,
                            uint32_t n)
{
    Map seen = labels_begin(&printer->tables[table], n, printer->scratch);
    for (uint32_t i = 1; i < n; i++)
        labels_add(&printer->tables[table], &seen, names[i], printer->scratch);
}

/* A field is called tag.name: the record without the file it stands in. */
static void labels_of_fields(Printer *printer)
{
    const Unit *unit = printer->unit;
    Names *names = names_new(printer->scratch);
    Map seen = labels_begin(&printer->tables[PEN_FIELDS], unit->nfield, printer->scratch);
    Buf text;
    buf_init(&text, printer->scratch);
    for (uint32_t i = 1; i < unit->nfield; i++) {
        const Field *field = &unit->fields[i];
        text.n = 0;
        buf_put(&text, field->record->text, form_tag(field->record));
        buf_put(&text, ".", 1);
        buf_put(&text, field->name->text, field->name->len);
        labels_add(&printer->tables[PEN_FIELDS], &seen,
                   name_of_range(names, text.at, text.n), printer->scratch);
    }
}

static void labels_of_unit(Printer *printer)
{
    const Unit *unit = printer->unit;
    Arena *arena = printer->scratch;
    labels_of_names(printer, PEN_FILES, unit->files, unit->nfile);
    labels_of_names(printer, PEN_MACROS, unit->macros, unit->nmacro);
    labels_of_fields(printer);
    Map seen = labels_begin(&printer->tables[PEN_GLOBALS], unit->nglobal, arena);
    for (uint32_t i = 1; i < unit->nglobal; i++)
        labels_add(&printer->tables[PEN_GLOBALS], &seen, unit->globals[i].name, arena);
    seen = labels_begin(&printer->tables[PEN_FNS], unit->nfn, arena);
    for (uint32_t i = 1; i < unit->nfn; i++)
        labels_add(&printer->tables[PEN_FNS], &seen, unit->fns[i].name, arena);
}

void labels_of_locals(Printer *printer, const Body *body)
{
    PenLabels *labels = &printer->tables[PEN_LOCALS];
    Map seen = labels_begin(labels, body->nlocal, printer->scratch);
    for (uint32_t i = 1; i < body->nlocal; i++)
        labels_add(labels, &seen, body->locals[i].name, printer->scratch);
}

void printer_init(Printer *printer, Buf *out, const Unit *unit, Arena *scratch)
{
    printer->pen.out = out;
    printer->pen.n = 0;
    printer->unit = unit;
    printer->scratch = scratch;
    printer->hashes = NULL;
    printer->last = (Loc){0};
    printer->base_file = printer->base_line = 0;
    labels_of_unit(printer);
}

void print_label(Printer *printer, PenTable table, uint32_t id)
{
    PenLabels *labels = &printer->tables[table];
    if (!id || id > labels->n) { /* the verifier complains, but a dump must show it */
        pen_char(&printer->pen, '?');
        pen_number(&printer->pen, id);
        return;
    }
    pen_bytes(&printer->pen, labels->at[id].text, labels->at[id].len);
    if (labels->mentioned && labels->mentioned[id] != printer->current) {
        labels->mentioned[id] = printer->current;
        printer->mentions = hash_mix(printer->mentions, labels->rows[id]);
    }
}

void print_loc(Printer *printer, Loc loc)
{
    Pen *pen = &printer->pen;
    Loc *last = &printer->last;
    if (loc.file == last->file && loc.line == last->line && loc.column == last->column)
        return;
    pen_bytes(pen, " @", 2);
    if (!loc.file && !loc.line && !loc.column) {
        pen_char(pen, '-');
        return;
    }
    if (loc.file != last->file) {
        pen_char(pen, '(');
        if (loc.file) print_label(printer, PEN_FILES, loc.file);
        pen_char(pen, ')');
    }
    if (loc.file != last->file || loc.line != last->line) {
        uint32_t base = loc.file == printer->base_file ? printer->base_line : 0;
        pen_signed(pen, (int64_t)loc.line - base);
        pen_char(pen, ':');
    }
    pen_number(pen, loc.column);
    *last = loc;
}

/* Rows. Each gives its text without the location to the content hashes. */

static size_t row_begin(Printer *printer, const char *what)
{
    pen_flush(&printer->pen);
    size_t start = printer->pen.out->n;
    pen_text(&printer->pen, what);
    return start;
}

static void row_hash(Printer *printer, PenTable table, uint32_t id, size_t start)
{
    PenLabels *labels = &printer->tables[table];
    if (!labels->rows) return;
    pen_flush(&printer->pen);
    const Buf *out = printer->pen.out;
    labels->rows[id] =
        hash_mix(labels->rows[id], hash_bytes(out->at + start, out->n - start));
}

static void print_names(Printer *printer, PenTable table, const char *what)
{
    for (uint32_t i = 1; i <= printer->tables[table].n; i++) {
        size_t start = row_begin(printer, what);
        print_label(printer, table, i);
        row_hash(printer, table, i, start);
        pen_char(&printer->pen, '\n');
    }
}

static void print_nth(Printer *printer, PenTable table, uint32_t id)
{
    uint32_t nth = printer->tables[table].nth[id];
    if (nth == 1) return;
    pen_char(&printer->pen, '~');
    pen_number(&printer->pen, nth);
}

/* Behind a type: what it is called. */
static void print_type_name(Printer *printer, const Name *name)
{
    if (!name) return;
    pen_char(&printer->pen, '=');
    pen_word(&printer->pen, name);
}

static void print_fields(Printer *printer)
{
    Pen *pen = &printer->pen;
    for (uint32_t i = 1; i < printer->unit->nfield; i++) {
        const Field *field = &printer->unit->fields[i];
        size_t start = row_begin(printer, "field ");
        pen_word(pen, field->record);
        pen_char(pen, ' ');
        pen_word(pen, field->name);
        print_nth(printer, PEN_FIELDS, i);
        pen_char(pen, ' ');
        pen_number(pen, field->offset);
        pen_char(pen, ' ');
        pen_type(pen, field->type);
        print_type_name(printer, field->type_name);
        if (field->is_nonnull) pen_char(pen, '!');
        if (field->is_nullable) pen_char(pen, '?');
        if (field->bit_width || field->bit_offset) {
            pen_char(pen, ' ');
            pen_number(pen, field->bit_offset);
            pen_char(pen, ':');
            pen_number(pen, field->bit_width);
        }
        row_hash(printer, PEN_FIELDS, i, start);
        pen_char(pen, '\n');
    }
}

static void print_link_name(Printer *printer, const Name *name, const Name *link_name)
{
    pen_char(&printer->pen, ' ');
    if (link_name == name) return;
    pen_char(&printer->pen, '=');
    pen_word(&printer->pen, link_name);
    pen_char(&printer->pen, ' ');
}

static void print_globals(Printer *printer)
{
    Pen *pen = &printer->pen;
    for (uint32_t i = 1; i < printer->unit->nglobal; i++) {
        const Global *global = &printer->unit->globals[i];
        size_t start = row_begin(printer, "global ");
        print_label(printer, PEN_GLOBALS, i);
        print_link_name(printer, global->name, global->link_name);
        pen_type(pen, global->type);
        print_type_name(printer, global->type_name);
        pen_flags(pen, global->flags, form_global_flags);
        row_hash(printer, PEN_GLOBALS, i, start);
        print_loc(printer, global->loc);
        pen_char(pen, '\n');
    }
}

static void print_param_tail(Pen *pen, const Param *param)
{
    if (param->is_nonnull) pen_char(pen, '!');
    if (param->is_nullable) pen_char(pen, '?');
    if (param->is_size) pen_char(pen, '#');
    if (!param->access) return;
    pen_char(pen, '<');
    pen_char(pen, param->access < ACCESS_COUNT ? form_access[param->access] : '-');
    if (param->access_size) pen_number(pen, param->access_size);
}

static void print_fn_row(Printer *printer, FnId id, const Fn *fn)
{
    Pen *pen = &printer->pen;
    size_t start = row_begin(printer, "fn ");
    print_label(printer, PEN_FNS, id);
    print_link_name(printer, fn->name, fn->link_name);
    pen_type(pen, fn->result);
    print_type_name(printer, fn->result_name);
    for (uint32_t i = 0; i < fn->nparam; i++) {
        pen_char(pen, i ? ' ' : '(');
        pen_type(pen, fn->params[i].type);
        print_type_name(printer, fn->params[i].type_name);
        print_param_tail(pen, &fn->params[i]);
    }
    pen_text(pen, fn->nparam ? ")" : "()");
    pen_flags(pen, fn->flags, form_fn_flags);
    row_hash(printer, PEN_FNS, id, start);
    print_loc(printer, fn->loc);
    pen_char(pen, '\n');
}

static void print_init(Printer *printer, const Init *init)
{
    Pen *pen = &printer->pen;
    pen_char(pen, ' ');
    pen_number(pen, init->offset);
    pen_char(pen, ' ');
    pen_type(pen, init->type);
    pen_char(pen, ' ');
    switch (init->kind) {
    case INIT_INT: pen_signed(pen, init->value); break;
    case INIT_NULL: pen_text(pen, "null"); break;
    case INIT_STRING: pen_text(pen, "string"); break;
    case INIT_UNKNOWN: pen_text(pen, "unknown"); break;
    case INIT_FN:
        pen_char(pen, '&');
        print_label(printer, PEN_FNS, init->fn);
        break;
    case INIT_GLOBAL:
        pen_char(pen, '$');
        print_label(printer, PEN_GLOBALS, init->global);
        break;
    }
    if (init->field) {
        pen_bytes(pen, " .", 2);
        print_label(printer, PEN_FIELDS, init->field);
    }
    pen_char(pen, '\n');
}

static void print_data(Printer *printer)
{
    for (uint32_t i = 1; i < printer->unit->nglobal; i++) {
        const Global *global = &printer->unit->globals[i];
        if (!global->ninit) continue;
        size_t start = row_begin(printer, "data ");
        print_label(printer, PEN_GLOBALS, i);
        pen_char(&printer->pen, '\n');
        for (uint32_t k = 0; k < global->ninit; k++)
            print_init(printer, &global->inits[k]);
        row_hash(printer, PEN_GLOBALS, i, start);
    }
}

static void print_tables(Printer *printer)
{
    const Unit *unit = printer->unit;
    Pen *pen = &printer->pen;
    pen_text(pen, "unit ");
    pen_word(pen, unit->path);
    pen_char(pen, ' ');
    pen_text(pen, unit->status <= UNIT_FAILED ? form_status[unit->status] : "?");
    pen_char(pen, ' ');
    pen_number(pen, unit->nline);
    pen_char(pen, '\n');
    print_names(printer, PEN_FILES, "file ");
    print_names(printer, PEN_MACROS, "macro ");
    print_fields(printer);
    print_globals(printer);
    for (uint32_t i = 1; i < unit->nfn; i++)
        print_fn_row(printer, i, &unit->fns[i]);
    for (uint32_t i = 0; i < unit->nnote; i++) {
        const Note *note = &unit->notes[i];
        pen_text(pen, "note ");
        pen_text(pen, note->kind <= NOTE_ADAPTED ? form_note[note->kind] : "?");
        pen_char(pen, ' ');
        pen_quoted(pen, note->text->text, note->text->len);
        print_loc(printer, note->loc);
        pen_char(pen, '\n');
    }
    print_data(printer);
}

/* From here on mentions are mixed into the hash of the function that makes them. */
static void mentions_begin(Printer *printer)
{
    for (int t = 0; t < PEN_LOCALS; t++) {
        PenLabels *labels = &printer->tables[t];
        labels->mentioned =
            ARENA_ARRAY(printer->scratch, uint32_t, (size_t)labels->n + 1);
    }
}

static void print_bodies(Printer *printer)
{
    const Unit *unit = printer->unit;
    if (printer->hashes) mentions_begin(printer);
    for (uint32_t i = 1; i < unit->nfn; i++) {
        if (!unit->fns[i].body) continue;
        printer->current = i;
        printer->mentions = (Hash){0};
        size_t start = row_begin(printer, "");
        print_body(printer, i, &unit->fns[i]);
        if (!printer->hashes) continue;
        pen_flush(&printer->pen);
        const Buf *out = printer->pen.out;
        printer->hashes[i] =
            hash_mix(printer->mentions, hash_bytes(out->at + start, out->n - start));
    }
}

void ir_print_unit_hashed(Buf *out, const Unit *unit, Hash *hashes)
{
    Arena *scratch = arena_new("print");
    Printer printer;
    printer_init(&printer, out, unit, scratch);
    printer.hashes = hashes;
    if (hashes)
        for (int t = 0; t < PEN_LOCALS; t++) {
            PenLabels *labels = &printer.tables[t];
            labels->rows = ARENA_ARRAY(scratch, Hash, (size_t)labels->n + 1);
        }
    print_tables(&printer);
    print_bodies(&printer);
    pen_flush(&printer.pen);
    arena_free(scratch);
}

void ir_print_unit(Buf *out, const Unit *unit)
{
    ir_print_unit_hashed(out, unit, NULL);
}
