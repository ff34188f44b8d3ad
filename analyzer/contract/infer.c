/* One summary, one contract. */
#include "contract/infer.h"

#include <stdlib.h>
#include <string.h>

#include "contract/inner.h"

bool add_guard(const Phrase *phrase, Guard guard, TextList *texts)
{
    if (phrase_is_idle(phrase, guard)) return true;
    const char *text = phrase_guard(phrase, guard);
    for (uint32_t i = 0; text && i < texts->n; i++)
        if (!strcmp(texts->at[i], text)) return true;
    if (text) vec_push(phrase->arena, texts, text);
    return text != NULL;
}

/* The parameter whose value this is, as it is written; 0: none. */
static uint32_t param_in(const Body *body, const Block *block, Val val)
{
    bool loaded = false;
    for (uint32_t i = block->nins; val && i-- > 0;) {
        const Ins *def = &block->ins[i];
        if (def->dst != val) continue;
        if (def->op == OP_ADDR && loaded && def->ref == REF_LOCAL)
            return body->locals[def->local].flags & LOCAL_PARAM ? def->local : 0;
        bool passes =
            (def->op == OP_LOAD && !loaded) || (def->op == OP_CALC && !def->b && !loaded);
        if (!passes) return 0;
        loaded |= def->op == OP_LOAD;
        val = def->a;
    }
    return 0;
}

/* Compilers warn of tests of what is declared non-null, wherever they stand. */
static void find_compared(const Body *body, ContractParam *params, uint32_t nparam)
{
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            bool asks =
                ins->op == OP_BRANCH || ins->op == OP_ASSUME ||
                (ins->op == OP_CALC &&
                 (ins->calc == CALC_EQ || ins->calc == CALC_NE || ins->calc == CALC_NOT));
            if (!asks) continue;
            uint32_t a = param_in(body, block, ins->a), c = param_in(body, block, ins->b);
            if (a && a <= nparam) params[a - 1].is_compared = true;
            if (c && c <= nparam) params[c - 1].is_compared = true;
        }
    }
}

static void set_params(const Phrase *phrase, Contract *contract)
{
    const Fn *fn = phrase->fn->fn;
    ContractParam *params = ARENA_ARRAY(phrase->arena, ContractParam, fn->nparam + 1);
    for (uint32_t i = 0; i < fn->nparam; i++)
        params[i] = (ContractParam){.name = phrase_param(phrase, i),
                                    .is_pointer = fn->params[i].type.kind == TYPE_POINTER,
                                    .is_declared_nonnull = fn->params[i].is_nonnull,
                                    .is_declared_nullable = fn->params[i].is_nullable};
    const Summary *summary = phrase->summary;
    for (uint32_t i = 0; i < summary->noutcome; i++)
        for (uint32_t g = 0; g < summary->outcomes[i].nguard; g++) {
            Guard guard = summary->outcomes[i].guards[g];
            const SummaryTerm *term = &summary->terms[guard.term];
            if (term->kind == TERM_PARAM && guard.range.classes == CLASS_NULL &&
                (uint64_t)term->imm < fn->nparam && params[term->imm].is_pointer)
                params[term->imm].is_tested = true;
        }
    find_compared(fn->body, params, fn->nparam);
    contract->params = params;
    contract->nparam = fn->nparam;
}

static const char *plain_name(const ProgramFn *fn)
{
    return fn->fn->name ? fn->fn->name->text : fn->link_name->text;
}

Contract contract_infer(const Records *records, const ProgramFn *fn,
                        const FlowResult *result, Arena *arena)
{
    const Summary *summary = result->summary;
    Phrase phrase = {.records = records, .fn = fn, .summary = summary, .arena = arena};
    Contract contract = {.name = plain_name(fn),
                         .link_name = fn->link_name->text,
                         .place = place_of_loc(fn->unit, fn->fn->loc),
                         .is_static = fn->fn->flags & FN_STATIC,
                         .is_in_header = fn->fn->flags & FN_INLINE_IN_HEADER,
                         .is_noreturn =
                             fn->is_noreturn || (summary->flags & SUMMARY_NORETURN),
                         .is_recursive = fn->is_recursive,
                         .is_variadic = fn->fn->flags & FN_VARIADIC,
                         .is_declared_nonnull = fn->fn->flags & FN_RETURNS_NONNULL};
    if (result->is_exhausted) contract.state = CONTRACT_TOO_LARGE;
    if (fn->fn->body->degraded) contract.state = CONTRACT_DEGRADED;
    TextList common = {0};
    set_params(&phrase, &contract);
    cases_infer(&phrase, &contract, &common);
    contract.returns_when = common.at;
    contract.nreturns_when = common.n;
    demands_infer(&phrase, &contract);
    contract.body = body_hash(fn, arena);
    return contract;
}

ContractTold contract_told(const ProgramFn *fn, const Candidate *candidate,
                           const Finding *made)
{
    const uint32_t weak = CANDIDATE_MERGED | CANDIDATE_LATENT_MAY | CANDIDATE_INDIRECT;
    const Ins *ins = &fn->fn->body->blocks[candidate->block].ins[candidate->ins];
    ContractTold told = {.rule_id = made->rule_id,
                         .tier = made->tier,
                         .is_weak = (candidate->flags & weak) != 0,
                         .place = place_of_loc(fn->unit, ins->loc),
                         .text = made->text,
                         .giver = candidate->callee ? candidate->callee->text : "",
                         .taker = candidate->target ? candidate->target->text : ""};
    uint64_t where = (uint64_t)candidate->block << 32 | candidate->ins;
    uint64_t how = (uint64_t)candidate->kind << 40 | (uint64_t)candidate->origin << 32;
    told.key = hash_word(where) ^ hash_word(how | candidate->param);
    Hash giver = hash_bytes(told.giver, strlen(told.giver));
    told.key = hash_word(told.key ^ giver.low);
    return told;
}

static int order(const void *a, const void *b)
{
    const Contract *x = a, *y = b;
    int path = strcmp(x->place.path, y->place.path);
    if (path) return path;
    if (x->place.line != y->place.line) return x->place.line < y->place.line ? -1 : 1;
    if (x->place.column != y->place.column)
        return x->place.column < y->place.column ? -1 : 1;
    return strcmp(x->link_name, y->link_name);
}

void contract_sort(ContractList *list)
{
    if (list->n) qsort(list->at, list->n, sizeof *list->at, order);
}
