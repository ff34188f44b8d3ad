/*
 * Calls: who is called, what that asks of the arguments, and the states after it. What is
 * unknown changes memory, but never to null.
 */
#include "flow/callee.h"

/* --- functions the callee calls back ---------------------------------------------------- */

/* The callee calls back only under its own conditions. False: not in this state. */
static bool invoke_holds(Engine *engine, State *state, const Guard *guards, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (guards[i].term &&
            !value_assume_range(engine, state, guards[i].term, guards[i].range, 0))
            return false;
    return true;
}

static void invoke_known(Engine *engine, State *state, const Call *outer,
                         const Invoke *invoke, const ProgramFn *target,
                         const TermId *args)
{
    const Summary *summary = engine_summary(engine, target, true);
    if (!summary) return;
    Call call = {.ins = outer->ins,
                 .callee = target,
                 .summary = summary,
                 .is_indirect = true,
                 .is_guess = true,
                 .is_callback = true};
    for (uint32_t i = 0; i < invoke->narg && i < MOST_ARGS; i++)
        call.args[call.narg++] = args[i];
    demand_check_latents(engine, state, &call);
}

/* What the callee asks before it calls back, as this function sees it. */
static Guard *invoke_guards(Engine *engine, State *state, Call *call,
                            const Invoke *invoke)
{
    Guard *guards = ARENA_ARRAY(engine->scratch, Guard, invoke->nguard + 1);
    for (uint32_t i = 0; i < invoke->nguard; i++) {
        guards[i].term = callee_translate(engine, state, call, invoke->guards[i].term);
        guards[i].range = invoke->guards[i].range;
    }
    return guards;
}

static void run_invokes(Engine *engine, State *state, Call *call)
{
    Clobbers clobbers = {.n = 0};
    for (uint32_t i = 0; i < call->summary->ninvoke; i++) {
        const Invoke *invoke = &call->summary->invokes[i];
        TermId target = callee_translate(engine, state, call, invoke->callee);
        TermId args[MOST_ARGS];
        uint32_t narg = invoke->narg < MOST_ARGS ? invoke->narg : MOST_ARGS;
        for (uint32_t k = 0; k < narg; k++) {
            args[k] = callee_translate(engine, state, call, invoke->args[k]);
            if (args[k]) callee_clobber(engine, state, &clobbers, args[k]);
        }
        if (!target) continue;
        const Guard *guards = invoke_guards(engine, state, call, invoke);
        const Term *term = &engine->terms.at[target];
        TermKind kind = term->kind;
        const ProgramFn *fn =
            kind == TERM_FN ? program_find(engine->context->program, term->name) : NULL;
        if (!fn && kind != TERM_PARAM) continue;
        /* What it finds is the callback's fault in this call; the call itself goes on. */
        State *copy =
            state_copy(engine->scratch, state, engine->shape.nval[engine->block]);
        if (!invoke_holds(engine, copy, guards, invoke->nguard)) continue;
        if (fn)
            invoke_known(engine, copy, call, invoke, fn, args);
        else
            invoke_export(engine, copy, target, args, narg, true);
    }
    callee_clobber_done(engine, state, &clobbers);
}

/* --- the call ---------------------------------------------------------------------------- */

static void run_callee(Engine *engine, State *state, Call *call, StateList *out)
{
    if (!demand_check_declared(engine, state, call)) return;
    if (call->callee && call->callee->fn->body)
        believe_passed(engine, state, call->callee, call->args, call->narg);
    call->summary =
        call->callee ? engine_summary(engine, call->callee, call->is_indirect) : NULL;
    if (call->summary) {
        if (!demand_check_latents(engine, state, call)) return;
        if (!call->is_callback && !format_check(engine, state, call->ins, call->callee,
                                                call->summary, call->args))
            return;
        callee_map_reset(engine, call);
        if (call->request) {
            request_callee(engine, state, call->request, call->summary);
            outcome_send_ours(engine, state, call, call->request);
        }
        run_invokes(engine, state, call);
    }
    if (call->callee && call->callee->is_noreturn) return;
    bool known = call->summary && call->summary->noutcome &&
                 !(call->summary->flags & SUMMARY_INCOMPLETE);
    if (call->summary && (call->summary->flags & SUMMARY_NORETURN)) return;
    if (known) {
        outcome_take_all(engine, state, call, out);
        return;
    }
    callee_unknown(engine, state, call);
    vec_push(engine->scratch, &out->list, state);
}

/* False: it does not return, or it is null. */
static bool resolve_pointer(Engine *engine, State *state, Call *call, Targets *targets)
{
    TermId target = exec_val(engine, state, call->ins->a);
    if (!target) return true;
    target = state_canon(state, target);
    const Term *term = &engine->terms.at[target];
    if (term->kind == TERM_FN) {
        if (term->is_weak &&
            !exec_deref(engine, state, target, call->ins->a, call->ins, CANDIDATE_CALL))
            return false;
        term = &engine->terms.at[target];
        call->callee = program_find(engine->context->program, term->name);
        call->is_indirect = true;
        return true;
    }
    if (!exec_deref(engine, state, target, call->ins->a, call->ins, CANDIDATE_CALL))
        return false;
    call->is_indirect = true;
    call->is_guess = true;
    /* A call through a parameter is for the caller to resolve. */
    if (engine->terms.at[target].kind == TERM_PARAM)
        invoke_export(engine, state, target, call->args, call->narg, false);
    *targets = program_targets(engine->context->program, engine->unit, engine->fn->fn,
                               engine->block, engine->ins);
    if (targets->n && targets->all_noreturn) return false;
    if (!targets_are_few(targets)) targets->n = 0;
    if (targets->n == 1) call->callee = targets->at[0];
    return true;
}

/*
 * Which of several functions the slot holds goes together with what is passed to it, so what
 * one of them asks of the arguments is not held against this call. The nulls that one of them
 * returns, on the other hand, the code after the call must take: a way for each, and one for
 * all that is left.
 */
static void run_several(Engine *engine, State *state, const Call *call, Targets targets,
                        StateList *out)
{
    for (uint32_t i = 0; call->ins->dst && i < targets.n; i++) {
        Call one = *call;
        one.callee = targets.at[i];
        one.summary = engine_summary(engine, one.callee, true);
        if (!one.summary || one.summary->flags & (SUMMARY_INCOMPLETE | SUMMARY_NORETURN))
            continue;
        outcome_take_nulls(engine, state, &one, out);
    }
}

void call_run(Engine *engine, State *state, const Ins *ins, StateList *out)
{
    Call call = {.ins = ins};
    Targets targets = {0};
    for (uint32_t i = 0; i < ins->narg && i < MOST_ARGS; i++)
        call.args[call.narg++] = exec_val(engine, state, ins->args[i]);
    if (ins->fn && !ins->a) {
        call.callee = program_fn(engine->context->program, engine->unit, ins->fn);
        if (!doubt_call(engine, state, ins)) return;
    } else if (!resolve_pointer(engine, state, &call, &targets)) {
        return;
    }
    uint32_t before = out->list.n;
    if (targets.n > 1) run_several(engine, state, &call, targets, out);
    if (!engine->request) {
        run_callee(engine, state, &call, out);
        return;
    }
    call.request = request_before(engine, state, ins, call.callee, call.args, call.narg);
    run_callee(engine, state, &call, out);
    for (uint32_t i = before; i < out->list.n; i++)
        request_after(engine, out->list.at[i], call.request);
}
