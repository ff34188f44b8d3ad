/*
 * Text to IR: the tables. The inverse of print.c; form.h shows the grammar.
 *
 * The text is input, perhaps a damaged or hostile one: rows are found by name, so an
 * index cannot be wrong; nothing is allocated that the text did not pay for with as many
 * lines; and what was read is verified as a whole before anyone sees it.
 */
#include "ir/read.h"

#include <string.h>

#include "ir/reader.h"
#include "ir/verify.h"

bool read_name(Reader *reader, const Name **name)
{
    ScanWord word;
    if (!scan_word(&reader->scan, &word)) return false;
    *name = name_of_range(reader->names, word.text, word.len);
    return true;
}

bool read_label(Reader *reader, const ScanLabels *labels, const char *what, uint32_t *id)
{
    ScanWord word;
    if (!scan_label(&reader->scan, &word)) return false;
    *id = labels_find(labels, word);
    if (*id) return true;
    return scan_fail(&reader->scan, "there is no %s '%.*s' above", what,
                     (int)(word.len < 100 ? word.len : 100), word.text);
}

/* [(FILE)][LINE:]COLUMN: what is left out is as it was. */
static bool read_place(Reader *reader, Loc *last)
{
    Scan *scan = &reader->scan;
    bool has_file = scan_take(scan, '(');
    if (has_file) {
        last->file = 0;
        if (!scan_take(scan, ')') &&
            !(read_label(reader, &reader->file_labels, "file", &last->file) &&
              (scan_take(scan, ')') || scan_fail(scan, "a ) is missing"))))
            return false;
    }
    int64_t number = 0;
    if (!scan_signed(scan, &number)) return false;
    if (scan_take(scan, ':')) {
        int64_t base = last->file == reader->base_file ? reader->base_line : 0;
        if (number < -base || number > UINT32_MAX - base)
            return scan_fail(scan, "a line is out of range");
        last->line = (uint32_t)(number + base);
        return scan_number(scan, &last->column);
    }
    if (has_file || number < 0 || number > UINT32_MAX)
        return scan_fail(scan, "a location is @column, @line:column or "
                               "@(file)line:column");
    last->column = (uint32_t)number;
    return true;
}

bool read_loc(Reader *reader, Loc *loc)
{
    Scan *scan = &reader->scan;
    if (*scan->at == '-' && !scan_is_digit(scan->at[1])) {
        scan->at++;
        *loc = (Loc){0};
        return true;
    }
    if (!read_place(reader, &reader->last)) return false;
    *loc = reader->last;
    return true;
}

bool read_tail(Reader *reader, const FormWord *words, uint32_t *flags, Loc *loc)
{
    Scan *scan = &reader->scan;
    *loc = reader->last;
    for (scan_blanks(scan); words && scan_take(scan, '!'); scan_blanks(scan))
        if (!scan_flag(scan, words, flags)) return false;
    if (scan_take(scan, '@') && !read_loc(reader, loc)) return false;
    return scan_end(scan);
}

static bool read_status(Reader *reader)
{
    for (int i = 0; i <= UNIT_FAILED; i++)
        if (scan_keyword(&reader->scan, form_status[i])) {
            reader->unit->status = (UnitStatus)i;
            return true;
        }
    return scan_fail(&reader->scan, "the status is complete, partial or failed");
}

static bool read_unit_row(Reader *reader)
{
    Unit *unit = reader->unit;
    Scan *scan = &reader->scan;
    if (unit->path) return scan_fail(scan, "a second unit");
    if (!read_name(reader, &unit->path)) return false;
    scan_blanks(scan);
    if (!read_status(reader)) return false;
    scan_blanks(scan);
    return scan_number(scan, &unit->nline) && scan_end(scan);
}

static bool read_file_row(Reader *reader)
{
    ScanWord word;
    if (!scan_label(&reader->scan, &word) ||
        !labels_add(&reader->file_labels, &reader->scan, word))
        return false;
    vec_push(reader->scratch, &reader->files,
             name_of_range(reader->names, word.text, word.len));
    return scan_end(&reader->scan);
}

static bool read_macro_row(Reader *reader)
{
    ScanWord word;
    if (!scan_label(&reader->scan, &word) ||
        !labels_add(&reader->macro_labels, &reader->scan, word))
        return false;
    vec_push(reader->scratch, &reader->macros,
             name_of_range(reader->names, word.text, word.len));
    return scan_end(&reader->scan);
}

/* A field is called tag.name. */
static bool add_field_label(Reader *reader, const Name *record, ScanWord name)
{
    size_t tag = form_tag(record);
    char *text = arena_take(reader->scratch, tag + 1 + name.len, 1);
    memcpy(text, record->text, tag);
    text[tag] = '.';
    memcpy(text + tag + 1, name.text, name.len);
    return labels_add(&reader->field_labels, &reader->scan,
                      scan_word_of(text, tag + 1 + name.len, name.nth));
}

/* Behind a type: what it is called. */
static bool read_type_name(Reader *reader, const Name **name)
{
    return !scan_take(&reader->scan, '=') || read_name(reader, name);
}

static bool read_bits(Scan *scan, Field *field)
{
    uint64_t offset = 0, width = 0;
    if (!scan_number_slow(scan, UINT8_MAX, &offset)) return false;
    if (!scan_take(scan, ':')) return scan_fail(scan, "bits are offset:width");
    if (!scan_number_slow(scan, UINT8_MAX, &width)) return false;
    field->bit_offset = (uint8_t)offset;
    field->bit_width = (uint8_t)width;
    return true;
}

static bool read_field_row(Reader *reader)
{
    Scan *scan = &reader->scan;
    Field field = {0};
    ScanWord word;
    if (!read_name(reader, &field.record) || !scan_label(scan, &word) ||
        !add_field_label(reader, field.record, word))
        return false;
    field.name = name_of_range(reader->names, word.text, word.len);
    scan_blanks(scan);
    if (!scan_number_slow(scan, UINT64_MAX, &field.offset)) return false;
    if (!scan_type(scan, &field.type) || !read_type_name(reader, &field.type_name))
        return false;
    field.is_nonnull = scan_take(scan, '!');
    field.is_nullable = scan_take(scan, '?');
    scan_blanks(scan);
    if (*scan->at != '\n' && !read_bits(scan, &field)) return false;
    vec_push(reader->scratch, &reader->fields, field);
    return scan_end(scan);
}

/* NAME [=LINK] of a global or function. */
static bool read_names(Reader *reader, ScanLabels *labels, const Name **name,
                       const Name **link_name)
{
    ScanWord word;
    if (!scan_label(&reader->scan, &word) || !labels_add(labels, &reader->scan, word))
        return false;
    *name = *link_name = name_of_range(reader->names, word.text, word.len);
    scan_blanks(&reader->scan);
    return !scan_take(&reader->scan, '=') || read_name(reader, link_name);
}

static bool read_global_row(Reader *reader)
{
    Global global = {0};
    if (!read_names(reader, &reader->global_labels, &global.name, &global.link_name))
        return false;
    if (!scan_type(&reader->scan, &global.type) ||
        !read_type_name(reader, &global.type_name))
        return false;
    if (!read_tail(reader, form_global_flags, &global.flags, &global.loc)) return false;
    vec_push(reader->scratch, &reader->globals, global);
    return true;
}

static bool read_param_tail(Scan *scan, Param *param)
{
    param->is_nonnull = scan_take(scan, '!');
    param->is_nullable = scan_take(scan, '?');
    param->is_size = scan_take(scan, '#');
    if (!scan_take(scan, '<')) return true;
    for (int i = ACCESS_NONE; i < ACCESS_COUNT; i++)
        if (scan_take(scan, form_access[i])) {
            param->access = (Access)i;
            return !scan_is_digit(*scan->at) || scan_number(scan, &param->access_size);
        }
    return scan_fail(scan, "an access is n, r, w or b");
}

static bool read_params(Reader *reader, Fn *fn)
{
    Scan *scan = &reader->scan;
    if (!scan_take(scan, '(')) return scan_fail(scan, "a ( is missing");
    VEC(Param) params = {0};
    while (!scan_take(scan, ')')) {
        Param param = {0};
        if (!scan_type(scan, &param.type) || !read_type_name(reader, &param.type_name))
            return false;
        if (!read_param_tail(scan, &param)) return false;
        vec_push(reader->scratch, &params, param);
    }
    fn->nparam = params.n;
    fn->params = ARENA_ARRAY(reader->arena, Param, params.n);
    if (params.n) memcpy(fn->params, params.at, params.n * sizeof *params.at);
    return true;
}

static bool read_fn_row(Reader *reader)
{
    Fn fn = {0};
    if (!read_names(reader, &reader->fn_labels, &fn.name, &fn.link_name)) return false;
    if (!scan_type(&reader->scan, &fn.result) ||
        !read_type_name(reader, &fn.result_name) || !read_params(reader, &fn))
        return false;
    if (!read_tail(reader, form_fn_flags, &fn.flags, &fn.loc)) return false;
    vec_push(reader->scratch, &reader->fns, fn);
    vec_push(reader->scratch, &reader->bodies, NULL);
    return true;
}

static bool read_note_row(Reader *reader)
{
    Scan *scan = &reader->scan;
    Note note = {.kind = NOTE_ERROR};
    scan_blanks(scan);
    if (scan_keyword(scan, form_note[NOTE_MISSING]))
        note.kind = NOTE_MISSING;
    else if (scan_keyword(scan, form_note[NOTE_ADAPTED]))
        note.kind = NOTE_ADAPTED;
    else if (!scan_keyword(scan, form_note[NOTE_ERROR]))
        return scan_fail(scan, "a note is error, missing or adapted");
    if (!read_name(reader, &note.text)) return false;
    if (!read_tail(reader, NULL, NULL, &note.loc)) return false;
    vec_push(reader->scratch, &reader->notes, note);
    return true;
}

/* One scalar of an initialiser: OFFSET TYPE VALUE [.FIELD] */
static bool read_init(Reader *reader, Init *init)
{
    Scan *scan = &reader->scan;
    scan_blanks(scan);
    if (!scan_number_slow(scan, UINT64_MAX, &init->offset)) return false;
    if (!scan_type(scan, &init->type)) return false;
    scan_blanks(scan);
    bool ok = true;
    if (scan_is_digit(*scan->at) || *scan->at == '-') {
        init->kind = INIT_INT;
        ok = scan_signed(scan, &init->value);
    } else if (scan_take(scan, '&')) {
        init->kind = INIT_FN;
        ok = read_label(reader, &reader->fn_labels, "function", &init->fn);
    } else if (scan_take(scan, '$')) {
        init->kind = INIT_GLOBAL;
        ok = read_label(reader, &reader->global_labels, "global", &init->global);
    } else if (scan_keyword(scan, "null")) {
        init->kind = INIT_NULL;
    } else if (scan_keyword(scan, "string")) {
        init->kind = INIT_STRING;
    } else if (scan_keyword(scan, "unknown")) {
        init->kind = INIT_UNKNOWN;
    } else {
        ok = scan_fail(scan, "a value is a number, &function, $global, null, string or "
                             "unknown");
    }
    if (!ok) return false;
    scan_blanks(scan);
    if (scan_take(scan, '.') &&
        !read_label(reader, &reader->field_labels, "field", &init->field))
        return false;
    return scan_end(scan);
}

static bool read_data(Reader *reader)
{
    Scan *scan = &reader->scan;
    uint32_t id = 0;
    if (!read_label(reader, &reader->global_labels, "global", &id)) return false;
    Global *global = &reader->globals.at[id - 1];
    if (global->ninit) return scan_fail(scan, "a second data of the same global");
    if (!scan_end(scan)) return false;
    uint32_t n = 0;
    for (const char *at = scan->at; *at == ' '; n++)
        at = strchr(at, '\n') + 1;
    global->inits = ARENA_ARRAY(reader->arena, Init, n);
    global->ninit = n;
    for (uint32_t i = 0; i < n; i++)
        if (!read_init(reader, &global->inits[i])) return false;
    return true;
}

static bool read_body_of(Reader *reader)
{
    Scan *scan = &reader->scan;
    const char *start = scan->at;
    uint32_t id = 0;
    if (!read_label(reader, &reader->fn_labels, "function", &id)) return false;
    Fn *fn = &reader->fns.at[id - 1];
    if (fn->body) return scan_fail(scan, "a second body of the same function");
    reader->bodies.at[id - 1] = start;
    return read_body(reader, fn);
}

static bool read_row(Reader *reader)
{
    static const struct {
        const char *word;
        bool (*read)(Reader *reader);
    } rows[] = {{"file ", read_file_row},   {"macro ", read_macro_row},
                {"field ", read_field_row}, {"global ", read_global_row},
                {"fn ", read_fn_row},       {"note ", read_note_row},
                {"data ", read_data},       {"body ", read_body_of},
                {"unit ", read_unit_row}};
    Scan *scan = &reader->scan;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].word);
        if (strncmp(scan->at, rows[i].word, len) != 0) continue;
        if (!reader->unit->path && rows[i].read != read_unit_row) break;
        scan->at += len;
        return rows[i].read(reader);
    }
    return scan_fail(scan, reader->unit->path
                               ? "a line starts with file, macro, field, global, fn, "
                                 "note, data or body"
                               : "the first line is: unit PATH STATUS LINES");
}

static bool read_rows(Reader *reader)
{
    Scan *scan = &reader->scan;
    while (*scan->at) {
        if (*scan->at == ';')
            scan->at = strchr(scan->at, '\n') + 1;
        else if (!scan_take(scan, '\n') && !read_row(reader))
            return false;
    }
    if (reader->unit->path) return true;
    scan->at = scan->text;
    return scan_fail(scan, "there is no unit");
}

/* A table from the arena with its unused row 0. */
static void *table_copy(Arena *arena, const void *rows, uint32_t n, size_t size)
{
    char *table = arena_take_array(arena, (size_t)n + 1, size, _Alignof(max_align_t));
    if (n) memcpy(table + size, rows, n * size);
    return table;
}

static void finish_tables(Reader *reader)
{
    Unit *unit = reader->unit;
    Arena *arena = reader->arena;
    unit->files = table_copy(arena, reader->files.at, reader->files.n, sizeof(Name *));
    unit->nfile = reader->files.n + 1;
    unit->macros = table_copy(arena, reader->macros.at, reader->macros.n, sizeof(Name *));
    unit->nmacro = reader->macros.n + 1;
    unit->fields = table_copy(arena, reader->fields.at, reader->fields.n, sizeof(Field));
    unit->nfield = reader->fields.n + 1;
    unit->globals =
        table_copy(arena, reader->globals.at, reader->globals.n, sizeof(Global));
    unit->nglobal = reader->globals.n + 1;
    unit->fns = table_copy(arena, reader->fns.at, reader->fns.n, sizeof(Fn));
    unit->nfn = reader->fns.n + 1;
    unit->notes = ARENA_ARRAY(arena, Note, reader->notes.n);
    unit->nnote = reader->notes.n;
    if (unit->nnote)
        memcpy(unit->notes, reader->notes.at, unit->nnote * sizeof *unit->notes);
}

/* Where instruction `ins` of block `block` stands in the text of a body. */
static const char *spot_text(const char *body, uint32_t block, uint32_t ins)
{
    const char *at = body, *start = body;
    if (block == VERIFY_NO_BLOCK) return body;
    for (uint32_t left = block + 1; left && *at; at = strchr(at, '\n') + 1)
        if (at[0] == 'b' && scan_is_digit(at[1])) {
            left--;
            start = at;
        }
    for (uint32_t left = ins + 1; left && *at; at = strchr(at, '\n') + 1)
        if (*at == ' ') {
            left--;
            start = at;
        }
    return start;
}

static bool verify(Reader *reader)
{
    VerifySpot spot;
    Err err = {0};
    if (ir_verify_unit_spot(reader->unit, &spot, &err)) return true;
    Scan *scan = &reader->scan;
    if (spot.fn)
        scan->at = spot_text(reader->bodies.at[spot.fn - 1], spot.block, spot.ins);
    return scan_fail(scan, "%s", err.text);
}

static void reader_init(Reader *reader, char *text, size_t len)
{
    Arena *scratch = reader->scratch;
    text[len] = '\n';
    text[len + 1] = 0;
    reader->scan.text = reader->scan.at = text;
    reader->scan.len = len + 1;
    reader->scan.scratch = scratch;
    reader->unit = ARENA_NEW(reader->arena, Unit);
    reader_words(reader);
    labels_init(&reader->file_labels, scratch, 16);
    labels_init(&reader->macro_labels, scratch, 64);
    labels_init(&reader->field_labels, scratch, 256);
    labels_init(&reader->global_labels, scratch, 64);
    labels_init(&reader->fn_labels, scratch, 256);
}

bool read_unit_in_place(char *text, size_t len, Names *names, Arena *arena,
                        Arena *scratch, Unit **unit, Err *err)
{
    if (len && memchr(text, 0, len))
        return err_set(err, ERR_CONFIG, "this is no IR text: it has NUL bytes");
    Reader reader = {.names = names, .arena = arena, .scratch = scratch};
    reader.scan.err = err;
    reader_init(&reader, text, len);
    bool ok = read_rows(&reader);
    if (ok) {
        finish_tables(&reader);
        ok = verify(&reader);
    }
    *unit = ok ? reader.unit : NULL;
    return ok;
}

bool ir_read_unit(const char *text, size_t len, Names *names, Arena *arena, Unit **unit,
                  Err *err)
{
    *unit = NULL;
    if (len > FORM_MAX_TEXT)
        return err_set(err, ERR_CONFIG, "an IR text of %zu bytes is too large", len);
    Arena *scratch = arena_new("read");
    char *copy = arena_take(scratch, len + 2, 1);
    if (len) memcpy(copy, text, len);
    bool ok = read_unit_in_place(copy, len, names, arena, scratch, unit, err);
    arena_free(scratch);
    return ok;
}
