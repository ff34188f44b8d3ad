/* A proposal as YAML: what was seen stands behind each line as a comment, for the person who decides. */
#include "run/propose.h"

#include <string.h>

/* Keys that most services pass on, and how members that hold them are called. */
typedef struct UsualKey {
    const char *name, *wire, *more;
    const char *members[8];
} UsualKey;

static const UsualKey usual[] = {
    {"trace",
     "'(?i)^traceparent$'",
     ", with: ['(?i)^tracestate$'], scope: chain",
     {"traceparent", "trace_id", "traceid", "trace", "span", "correlation_id",
      "correlator"}},
    {"lane",
     "'(?i)^(x-asm-prefer-tag|baggage)$'",
     ", scope: chain",
     {"lane", "tag", "baggage", "prefer_tag", "swimlane"}},
    {"request",
     "'(?i)^x-request-id$'",
     ", scope: chain",
     {"request_id", "req_id", "rid", "reqid", "x_request_id", "chain_id"}},
    {"identity",
     "'(?i)^(authorization|x-user-id|x-tenant)$'",
     ", scope: chain, sensitive: true",
     {"tenant", "user", "user_id", "tenant_id", "uid", "creds", "identity"}},
    {"deadline",
     NULL,
     NULL,
     {"deadline", "deadline_ms", "timeout", "timeout_ms", "expires", "left_ms",
      "budget"}}};
enum { USUAL = sizeof usual / sizeof *usual, MEMBERS = 8 };

static void put_keys(Buf *out)
{
    buf_text(out, "\n# What must travel. Yours may be called otherwise.\nkeys:\n");
    for (size_t i = 0; i < USUAL; i++)
        if (usual[i].wire)
            buf_printf(out, "  %s: {names: [%s]%s}\n", usual[i].name, usual[i].wire,
                       usual[i].more);
        else
            buf_printf(out, "  %s: {kind: deadline}\n", usual[i].name);
    buf_text(out, "require:\n  default: [trace, lane, request]\n");
}

/* The first member of the record that is called like a key. */
static const char *member_for(const Program *program, const Name *record,
                              const UsualKey *key)
{
    for (size_t m = 0; m < MEMBERS && key->members[m]; m++)
        for (uint32_t u = 0; u < program->units.n; u++) {
            const Unit *unit = program->units.at[u];
            for (uint32_t f = 1; f < unit->nfield; f++)
                if (!strcmp(unit->fields[f].name->text, key->members[m]) &&
                    unit->fields[f].record == record)
                    return key->members[m];
        }
    return NULL;
}

uint32_t propose_members(const Program *program, const Name *record)
{
    uint32_t n = 0;
    for (size_t i = 0; i < USUAL; i++)
        n += usual[i].wire && member_for(program, record, &usual[i]);
    return n;
}

static void put_fields(const Proposal *proposal, const Name *record, Buf *out)
{
    const char *lead = "    fields: {";
    for (size_t i = 0; i < USUAL; i++) {
        const char *member = member_for(proposal->run->program, record, &usual[i]);
        if (!member) continue;
        buf_printf(out, "%s%s: %s", lead, usual[i].name, member);
        lead = ", ";
    }
    if (*lead == ',') buf_text(out, "}\n");
}

/* --- who makes a context, and who ends it ------------------------------------------------- */

static bool ends_with(const Name *name, const char *const *words)
{
    for (; *words; words++) {
        size_t len = strlen(*words);
        if (name->len >= len && !strcmp(name->text + name->len - len, *words))
            return true;
    }
    return false;
}

/* The only parameter that leads to the record, from 0; -1: none, or several. */
static int only_param(const Shape *shape, const Name *record)
{
    int found = -1;
    for (uint32_t i = 1; i <= shape->fn->fn->nparam; i++)
        if (shape->locals[i] == record) {
            if (found >= 0) return -1;
            found = (int)i - 1;
        }
    return found;
}

typedef enum Made { MADE_DERIVED, MADE_ROOT, MADE_ENDED } Made;

static int first_pointer(const Fn *fn)
{
    for (uint32_t i = 0; i < fn->nparam; i++)
        if (fn->params[i].type.kind == TYPE_POINTER) return (int)i;
    return -1;
}

/* The parameter that it is made of or that ends, from 0; -1: it is not made in this way. */
static int made_of(const Shape *shape, const Name *record, Made made)
{
    static const char *const ends[] = {"unref", "free", "release", "destroy", "drop",
                                       "_end",  "_put", "finish",  NULL};
    int param = only_param(shape, record);
    if (!shape->fn->fn->body) return -1;
    if (made == MADE_ENDED) {
        bool is_end = param == 0 && shape->fn->fn->nparam == 1 &&
                      shape->result != record && ends_with(shape->fn->fn->name, ends);
        return is_end ? param : -1;
    }
    if (shape->result != record) return -1;
    if (made == MADE_DERIVED)
        return param >= 0 ? param : shape->reads ? first_pointer(shape->fn->fn) : -1;
    return param < 0 && !shape->reads ? 0 : -1;
}

static void put_made(const Proposal *proposal, const Name *record, Made made, Buf *out)
{
    static const char *const leads[] = {
        [MADE_DERIVED] = "    derive: # give one of the same request\n",
        [MADE_ROOT] = "    root: # give one of no request\n",
        [MADE_ENDED] = "    end: # by their names\n"};
    bool is_first = true;
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        const Shape *shape = &proposal->shapes[i];
        int param = made_of(shape, record, made);
        if (param < 0) continue;
        if (is_first) buf_text(out, leads[made]);
        is_first = false;
        buf_printf(out, "      - {call: '^%s$'", shape->fn->fn->name->text);
        if (made == MADE_ENDED)
            buf_printf(out, ", arg: %d", param);
        else if (made == MADE_DERIVED)
            buf_printf(out, ", from: arg%d", param);
        buf_text(out, "}\n");
    }
}

static bool is_slot(const ProgramGlobal *global)
{
    const Global *at = global->global;
    return at->flags & GLOBAL_THREAD && at->type.kind == TYPE_POINTER &&
           !strchr(at->name->text, '.');
}

static void put_guess(const Proposal *proposal, const Guess *guess, Buf *out)
{
    const char *tag = propose_tag(guess->record, proposal->run->arena);
    buf_printf(out,
               "\n  # %u of the %u functions between an entry and an outbound call take "
               "it, %u as the first argument\n"
               "  - id: %s\n    type: '^(const )?(struct )?%s \\*$'\n",
               guess->nfn, proposal->nway, guess->nfirst, tag, tag);
    put_fields(proposal, guess->record, out);
    for (int made = MADE_DERIVED; made <= MADE_ENDED; made++)
        put_made(proposal, guess->record, (Made)made, out);
}

/* What has keys in it; when nothing has, what most are handed. */
static void put_contexts(const Proposal *proposal, Buf *out)
{
    const Program *program = proposal->run->program;
    uint32_t n = 0;
    buf_text(out, "\ncontexts:");
    for (uint32_t i = 0; i < proposal->guesses.n; i++) {
        const Guess *guess = &proposal->guesses.at[i];
        bool is_wanted = guess->nkey || !proposal->guesses.at[0].nkey;
        n += is_wanted;
        if (is_wanted)
            put_guess(proposal, guess, out);
        else
            buf_printf(out, "  # also handed through, without keys: %s (%u of %u)\n",
                       propose_tag(guess->record, proposal->run->arena), guess->nfn,
                       proposal->nway);
    }
    for (uint32_t i = 0; i < program->globals.n; i++) {
        if (!is_slot(program->globals.at[i])) continue;
        const char *name = program->globals.at[i]->global->name->text;
        n++;
        buf_printf(
            out,
            "\n  # each thread has its own: does it hold the context of a request?\n"
            "  - id: %s\n    ambient: {slot: '^%s$'}\n",
            name, name);
    }
    if (!n)
        buf_text(out,
                 " [] # no struct is handed through, no variable of a thread holds a "
                 "pointer\n");
}

/* --- callbacks for later ------------------------------------------------------------------ */

/* The body calls what it finds in this parameter, so nothing is kept for later. */
static bool calls_param(const Body *body, uint32_t param)
{
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            if (block->ins[i].op != OP_CALL || block->ins[i].fn) continue;
            for (uint32_t k = 0; k + 1 < i; k++)
                if (block->ins[k].op == OP_ADDR && block->ins[k].ref == REF_LOCAL &&
                    block->ins[k].local == param && block->ins[k + 1].op == OP_LOAD &&
                    block->ins[k + 1].dst == block->ins[i].a)
                    return true;
        }
    }
    return false;
}

/* fn(void *), and right behind it a pointer that nothing is known of. */
static bool is_handoff(const Shape *shape, uint32_t *param)
{
    const Fn *fn = shape->fn->fn;
    if (!fn->body || strstr(fn->name->text, "unregister")) return false;
    for (uint32_t i = 0; i + 1 < fn->nparam; i++) {
        const Type *data = &fn->params[i + 1].type;
        if (!fn->params[i].type.to_function || data->kind != TYPE_POINTER ||
            data->to_function || shape->locals[i + 2] || calls_param(fn->body, i + 1))
            continue;
        *param = i;
        return true;
    }
    return false;
}

static void put_handoffs(const Proposal *proposal, Buf *out)
{
    uint32_t param;
    bool is_first = true;
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        const Shape *shape = &proposal->shapes[i];
        if (!is_handoff(shape, &param)) continue;
        if (is_first)
            buf_text(out, "\n# These keep a function and its data, and do not call it "
                          "themselves.\nhandoffs:\n");
        is_first = false;
        buf_printf(out, "  - {call: '^%s$', fn: arg%u, data: arg%u}\n",
                   shape->fn->fn->name->text, param, param + 1);
    }
}

/* --- who writes headers ------------------------------------------------------------------- */

static void put_injectors(const Proposal *proposal, Buf *out)
{
    bool is_first = true;
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        const Shape *shape = &proposal->shapes[i];
        const Fn *fn = shape->fn->fn;
        int context = -1, into = -1;
        for (uint32_t k = 0; k < proposal->guesses.n && context < 0; k++)
            if (proposal->guesses.at[k].nkey)
                context = only_param(shape, proposal->guesses.at[k].record);
        for (uint32_t k = 0; k < fn->nparam && context >= 0; k++)
            if ((int)k != context && fn->params[k].type.kind == TYPE_POINTER &&
                !fn->params[k].type.to_const)
                into = into < 0 ? (int)k : into;
        if (!shape->puts || shape->reaches || context < 0 || into < 0) continue;
        if (is_first)
            buf_text(out, "\n# These take a context and add headers; which keys?\n"
                          "injectors:\n");
        is_first = false;
        buf_printf(out,
                   "  - {call: '^%s$', from: arg%d, into: arg%d, keys: [trace, lane, "
                   "request]}\n",
                   fn->name->text, context, into);
    }
}

static void put_sends(const Proposal *proposal, Buf *out)
{
    ContextModel *model = &proposal->run->context;
    bool is_first = true;
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        const ProgramFn *fn = proposal->shapes[i].fn;
        if (!fn->ncaller || !context_action(model, fn->fn->name, CONTEXT_SEND)) continue;
        if (is_first) buf_text(out, "#\n# Calls leave through:\n");
        is_first = false;
        buf_printf(out, "#   %-32s %u place%s\n", fn->fn->name->text, fn->ncaller,
                   fn->ncaller == 1 ? "" : "s");
    }
    if (is_first)
        buf_text(out, "#\n# No call leaves through a library that has a model: name your "
                      "own under sinks.\n");
}

void propose_text(const Proposal *proposal, Buf *out)
{
    buf_text(out,
             "# What the context of a request is in this program: a proposal, made of "
             "its shape by\n# `sluice model init`. Correct it, keep it with the code, "
             "and name it under `models:` in .sluice.yaml.\n");
    put_sends(proposal, out);
    buf_text(out, "ctx_model: 1\n");
    put_keys(out);
    put_contexts(proposal, out);
    put_injectors(proposal, out);
    put_handoffs(proposal, out);
}
