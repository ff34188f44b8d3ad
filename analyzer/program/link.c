/*
 * Linking by name. Every unit brings rows for the functions and globals it declares or
 * defines; the rows of one link name are a chain, in order of unit path. A chain without a
 * definition is one external object, with definitions from one file it is one object (but
 * for a header's function with several bodies), with definitions from several files it is
 * several objects, and every row chooses its own.
 * Functions and globals follow the same rules, so both go through the same code.
 */
#include <stdlib.h>
#include <string.h>

#include "program/tables.h"

typedef struct Row {
    const Name *link_name;
    const Unit *unit;
    uint32_t unit_at;
    uint32_t id;      /* in the unit */
    const Name *file; /* where it is defined; NULL when it is not */
    bool is_weak;
    Hash variant;    /* of its body, when that may be another one in another unit */
    uint32_t own;    /* the object that it defines + 1; 0: it is no definition */
    uint32_t object; /* before sorting */
} Row;

typedef struct Object {
    const Name *link_name;
    const Row *row; /* the one that speaks for it */
    uint32_t id;    /* after sorting */
} Object;

typedef struct Linker {
    Arena *scratch;
    Names *names;
    VEC(Row) rows;
    VEC(Object) objects;
    VEC(uint32_t) strong;   /* objects of the chain at work that are definitions */
    const bool *is_program; /* by unit: main() is in it */
} Linker;

/* Folders that two paths share, less the folders in which they part: higher is closer. */
static int path_closeness(const char *a, const char *b)
{
    int shared = 0, apart = 0;
    size_t i = 0;
    for (; a[i] && a[i] == b[i]; i++)
        shared += a[i] == '/';
    while (i && a[i - 1] != '/')
        i--;
    for (const char *rest = a + i; *rest; rest++)
        apart += *rest == '/';
    for (const char *rest = b + i; *rest; rest++)
        apart += *rest == '/';
    return 2 * shared - apart;
}

/* 4 own strong, 3 other strong, 2 own weak, 1 other weak */
static int definition_rank(const Linker *linker, const Row *row, uint32_t object)
{
    return (linker->objects.at[object].row->is_weak ? 1 : 3) + (row->own == object + 1);
}

/* How near a definition is. What stands beside a main() is that program's alone: of two as
 * close, the others mean the one that is not. */
static int definition_closeness(const Linker *linker, const Row *row, const Row *other)
{
    int close = path_closeness(row->unit->path->text, other->unit->path->text);
    return 2 * close + !linker->is_program[other->unit_at];
}

static uint32_t row_choose(const Linker *linker, const Row *row)
{
    uint32_t best = linker->strong.at[0];
    int best_rank = -1, best_close = 0;
    for (uint32_t i = 0; i < linker->strong.n; i++) {
        const Row *other = linker->objects.at[linker->strong.at[i]].row;
        int rank = definition_rank(linker, row, linker->strong.at[i]);
        int close = definition_closeness(linker, row, other);
        if (rank > best_rank || (rank == best_rank && close > best_close)) {
            best = linker->strong.at[i];
            best_rank = rank;
            best_close = close;
        }
    }
    return best;
}

/* The first object of a name has it for itself. "a.c:name" is another file's, and "h.h#2:name" the
 * second that there is in one header. */
static const Name *object_name(const Linker *linker, const Row *row, uint32_t nvariant)
{
    const char *file = row->file->text, *name = row->link_name->text;
    size_t len = row->file->len;
    if (!linker->strong.n) return row->link_name;
    if (!strncmp(name, file, len) && name[len] == ':') name += len + 1;
    const char *number =
        nvariant ? arena_printf(linker->scratch, "#%u", nvariant + 1) : "";
    return name_of(linker->names,
                   arena_printf(linker->scratch, "%s%s:%s", file, number, name));
}

/* The object that `row`, a definition, is; a new one when its file has none yet like it. */
static void define(Linker *linker, Row *row)
{
    uint32_t nvariant = 0;
    for (uint32_t i = 0; i < linker->strong.n && !row->own; i++) {
        const Row *other = linker->objects.at[linker->strong.at[i]].row;
        if (other->file != row->file) continue;
        if (!hash_compare(other->variant, row->variant))
            row->own = linker->strong.at[i] + 1;
        nvariant++;
    }
    if (row->own) return;
    Object object = {.link_name = object_name(linker, row, nvariant), .row = row};
    row->own = linker->objects.n + 1;
    vec_push(linker->scratch, &linker->strong, linker->objects.n);
    vec_push(linker->scratch, &linker->objects, object);
}

static void link_chain(Linker *linker, Row *const *rows, uint32_t n)
{
    linker->strong.n = 0;
    for (uint32_t i = 0; i < n; i++)
        if (rows[i]->file) define(linker, rows[i]);
    if (!linker->strong.n) {
        vec_push(linker->scratch, &linker->strong, linker->objects.n);
        vec_push(linker->scratch, &linker->objects,
                 ((Object){.link_name = rows[0]->link_name, .row = rows[0]}));
    }
    for (uint32_t i = 0; i < n; i++)
        rows[i]->object = row_choose(linker, rows[i]);
}

/* Puts rows of one name together without sorting: count, then deal out. */
static void link_chains(Linker *linker)
{
    Map chains;
    map_init(&chains, linker->scratch);
    for (uint32_t i = 0; i < linker->rows.n; i++)
        ++*map_put(&chains, MAP_KEY(linker->rows.at[i].link_name), 0, NULL);
    Row **dealt = ARENA_ARRAY(linker->scratch, Row *, linker->rows.n);
    uint64_t begin = 0;
    for (uint32_t i = 0; i < chains.n; i++) {
        begin += chains.entries[i].value;
        chains.entries[i].value = begin;
    }
    for (uint32_t i = linker->rows.n; i-- > 0;)
        dealt[--*map_get(&chains, MAP_KEY(linker->rows.at[i].link_name))] =
            &linker->rows.at[i];
    for (uint32_t i = 0; i < chains.n; i++) {
        uint64_t first = chains.entries[i].value;
        uint64_t next = i + 1 < chains.n ? chains.entries[i + 1].value : linker->rows.n;
        link_chain(linker, dealt + first, (uint32_t)(next - first));
    }
}

static int object_compare(const void *a, const void *b)
{
    const Object *left = *(Object *const *)a, *right = *(Object *const *)b;
    int order = name_compare(left->link_name, right->link_name);
    if (order) return order;
    return left->row->unit_at < right->row->unit_at ? -1 : 1;
}

static Object **objects_sorted(Linker *linker)
{
    Object **sorted = ARENA_ARRAY(linker->scratch, Object *, linker->objects.n);
    for (uint32_t i = 0; i < linker->objects.n; i++)
        sorted[i] = &linker->objects.at[i];
    qsort(sorted, linker->objects.n, sizeof(Object *), object_compare);
    for (uint32_t i = 0; i < linker->objects.n; i++)
        sorted[i]->id = i;
    return sorted;
}

static const bool *programs_find(const Program *program, Arena *scratch)
{
    bool *found = ARENA_ARRAY(scratch, bool, program->units.n);
    for (uint32_t u = 0; u < program->units.n; u++) {
        const Unit *unit = program->units.at[u];
        for (uint32_t id = 1; id < unit->nfn; id++)
            if (unit->fns[id].body && !strcmp(unit->fns[id].link_name->text, "main"))
                found[u] = true;
    }
    return found;
}

/* Another library's function may have a name that a model knows: it must at least be declared
 * alike. */
static const Summary *find_model(const Program *program, const Fn *fn, Arena *scratch)
{
    if (!program->models || (fn->flags & FN_STATIC)) return NULL;
    const Summary *model = models_find(program->models, fn->name);
    return model && !model_misfit(model, fn, scratch) ? model : NULL;
}

static const Name *loc_file(const Unit *unit, Loc loc)
{
    return loc.line && loc.file < unit->nfile ? unit->files[loc.file] : unit->path;
}

static void link_fns(Program *program, Arena *scratch)
{
    Linker linker = {.scratch = scratch,
                     .names = program->names,
                     .is_program = programs_find(program, scratch)};
    struct ProgramTables *tables = program->tables;
    Hash **variants = variants_solve(program, scratch);
    for (uint32_t u = 0; u < program->units.n; u++) {
        const Unit *unit = program->units.at[u];
        tables->units[u].fns = ARENA_ARRAY(program->arena, ProgramFn *, unit->nfn);
        for (uint32_t id = 1; id < unit->nfn; id++) {
            const Fn *fn = &unit->fns[id];
            Row row = {.link_name = fn->link_name, .unit = unit, .unit_at = u, .id = id};
            if (fn->body) row.file = loc_file(unit, fn->loc);
            row.is_weak = fn->flags & FN_WEAK;
            row.variant = variants[u][id];
            vec_push(scratch, &linker.rows, row);
        }
    }
    link_chains(&linker);
    Object **sorted = objects_sorted(&linker);
    for (uint32_t i = 0; i < linker.objects.n; i++) {
        const Row *row = sorted[i]->row;
        ProgramFn *fn = ARENA_NEW(program->arena, ProgramFn);
        *fn = (ProgramFn){.link_name = sorted[i]->link_name,
                          .unit = row->unit,
                          .fn = &row->unit->fns[row->id],
                          .id = i};
        fn->model = find_model(program, fn->fn, scratch);
        map_put(&tables->fn_at, MAP_KEY(fn->link_name), i, NULL);
        vec_push(program->arena, &program->fns, fn);
    }
    for (uint32_t i = 0; i < linker.rows.n; i++) {
        const Row *row = &linker.rows.at[i];
        ProgramFn *fn = program->fns.at[linker.objects.at[row->object].id];
        tables->units[row->unit_at].fns[row->id] = fn;
        if (row->unit->fns[row->id].flags & FN_NORETURN) fn->is_noreturn = true;
    }
}

static void link_globals(Program *program, Arena *scratch)
{
    Linker linker = {.scratch = scratch,
                     .names = program->names,
                     .is_program = programs_find(program, scratch)};
    struct ProgramTables *tables = program->tables;
    for (uint32_t u = 0; u < program->units.n; u++) {
        const Unit *unit = program->units.at[u];
        tables->units[u].globals =
            ARENA_ARRAY(program->arena, ProgramGlobal *, unit->nglobal);
        for (uint32_t id = 1; id < unit->nglobal; id++) {
            const Global *global = &unit->globals[id];
            Row row = {
                .link_name = global->link_name, .unit = unit, .unit_at = u, .id = id};
            if (!(global->flags & GLOBAL_EXTERN)) row.file = loc_file(unit, global->loc);
            vec_push(scratch, &linker.rows, row);
        }
    }
    link_chains(&linker);
    Object **sorted = objects_sorted(&linker);
    for (uint32_t i = 0; i < linker.objects.n; i++) {
        const Row *row = sorted[i]->row;
        ProgramGlobal *global = ARENA_NEW(program->arena, ProgramGlobal);
        *global = (ProgramGlobal){.link_name = sorted[i]->link_name,
                                  .unit = row->unit,
                                  .global = &row->unit->globals[row->id],
                                  .id = i};
        map_put(&tables->global_at, MAP_KEY(global->link_name), i, NULL);
        vec_push(program->arena, &program->globals, global);
    }
    for (uint32_t i = 0; i < linker.rows.n; i++) {
        const Row *row = &linker.rows.at[i];
        tables->units[row->unit_at].globals[row->id] =
            program->globals.at[linker.objects.at[row->object].id];
    }
}

static void link_fields(Program *program, Arena *scratch)
{
    for (uint32_t u = 0; u < program->units.n; u++) {
        const Unit *unit = program->units.at[u];
        const Name **fields = ARENA_ARRAY(program->arena, const Name *, unit->nfield);
        program->tables->units[u].fields = fields;
        for (uint32_t id = 1; id < unit->nfield; id++) {
            const Field *field = &unit->fields[id];
            ArenaMark mark = arena_mark(scratch);
            const char *text = arena_printf(scratch, "%s.%s", field->record->text,
                                            field->name ? field->name->text : "");
            fields[id] = name_of(program->names, text);
            arena_reset(scratch, mark);
        }
    }
}

void link_units(Program *program, Unit *const *units, uint32_t nunit, Arena *scratch)
{
    struct ProgramTables *tables = program->tables;
    Unit **sorted = units_sorted(units, nunit, scratch);
    map_init(&tables->unit_at, program->arena);
    map_init(&tables->fn_at, program->arena);
    map_init(&tables->global_at, program->arena);
    tables->units = ARENA_ARRAY(program->arena, UnitTable, nunit);
    for (uint32_t i = 0; i < nunit; i++) {
        vec_push(program->arena, &program->units, sorted[i]);
        map_put(&tables->unit_at, MAP_KEY(sorted[i]), i, NULL);
    }
    link_fns(program, scratch);
    link_globals(program, scratch);
    link_fields(program, scratch);
}
