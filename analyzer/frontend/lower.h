#ifndef FRONTEND_LOWER_H
#define FRONTEND_LOWER_H

#include "frontend/recover.h"

/*
 * One body on its way from tree to blocks. An expression is lowered for its value, for
 * its address, for its effect, or as a condition; the value of an aggregate is its address.
 */

/* What must run when a block of the source is left: cleanup attributes. */
typedef struct Cleanup {
    LocalId local;
    FnId fn;
    Node *decl;
} Cleanup;

typedef struct Scope {
    struct Scope *outer;
    Node *node;
    VEC(Cleanup) cleanups;
} Scope;

typedef struct Jump {
    uint32_t block;
    Scope *scope; /* the scope it lands in */
} Jump;

typedef struct Switch {
    struct Switch *outer;
    VEC(Case) cases;
    VEC(uint32_t) to;
    uint32_t other; /* block of `default`, 0: none */
} Switch;

typedef struct Label {
    CXCursor cursor;
    Node *node; /* NULL: not met, and not in this body */
    uint32_t block;
    bool is_taken; /* && label */
} Label;

typedef struct Lower {
    Parse *parse;
    BodyBuild *body;
    Arena *nodes;
    const char *name; /* of the function */
    TypeInfo *result;
    Node *tree;
    Scope *scope;
    Jump break_to, continue_to;
    Switch *in_switch;
    VEC(Label) labels;
    bool has_cleanups;
    const Node *decider; /* the if, loop or ?: whose condition is being lowered */
    Node *condition;     /* ... that condition, as a whole */
    bool is_assumed;     /* inside an assertion that was compiled out */
    uint32_t depth;
} Lower;

/* A value that must survive expressions that branch. */
typedef struct Kept {
    Val val;
    LocalId local; /* 0: it stayed a temporary */
    Type type;
} Kept;

enum { MAX_NESTING = 4000 };

/* emit.c: one instruction, placed at a node */
Ins emit_at(Lower *lower, const Node *node, Op op);
Val emit_const(Lower *lower, const Node *node, Type type, int64_t value);
/* The same; keeps the name when it was written as an enumerator. */
Val emit_enumerator(Lower *lower, Node *node, Type type, int64_t value);
Val emit_local(Lower *lower, const Node *node, LocalId local);
Val emit_decl(Lower *lower, const Node *node, const Decl *decl);
Val emit_load(Lower *lower, const Node *node, Val address, Type type);
void emit_store(Lower *lower, const Node *node, Val address, Val value, Type type);
void emit_copy(Lower *lower, const Node *node, Val to, Val from, uint32_t size);
void emit_fill(Lower *lower, const Node *node, Val address, uint32_t size);
Val emit_calc(Lower *lower, const Node *node, Calc calc, Val a, Val b, Type type);
Val emit_field(Lower *lower, const Node *node, Val base, const Decl *field,
               bool is_arrow);
Val emit_index(Lower *lower, const Node *node, Val base, Val index, uint32_t stride);
Val emit_opaque(Lower *lower, const Node *node, const char *what, const Val *args,
                uint32_t n, Type type);
Val emit_string(Lower *lower, const Node *node);
LocalId emit_temporary(Lower *lower, const Node *node, Type type);
Kept emit_keep(Lower *lower, const Node *node, Val val, Type type, bool must_survive);
Val emit_kept(Lower *lower, const Node *node, const Kept *kept);
void emit_jump(Lower *lower, const Node *node, uint32_t to);

/* expr.c */
Val lower_value(Lower *lower, Node *node);
void lower_effect(Lower *lower, Node *node);
Val lower_through(Lower *lower, Node *node, Node *inner); /* 0 for void */
/* For an operand that may still be an lvalue: loads it, decays it. */
Val lower_cast(Lower *lower, Node *node, Val value, TypeInfo *from, TypeInfo *to,
               bool is_explicit);
Val lower_statement_value(Lower *lower, Node *node); /* of the last one of ({ }) */

/* place.c */
Val lower_address(Lower *lower, Node *node);
Val lower_load(Lower *lower, Node *node); /* the value an lvalue holds */
uint32_t lower_place_flags(Lower *lower, Node *node);
void lower_taken(Lower *lower, Node *node); /* its address escapes */

/* operator.c */
Val lower_unary(Lower *lower, Node *node);
Val lower_binary(Lower *lower, Node *node);
Val lower_compound(Lower *lower, Node *node);
Val lower_arithmetic(Lower *lower, Node *node, enum CXBinaryOperatorKind op, Val a,
                     TypeInfo *left, Val b, TypeInfo *right, Type type);
Val lower_step(Lower *lower, Node *node, Val pointer, TypeInfo *type, Val index,
               bool is_back);

/* condition.c */
void lower_condition(Lower *lower, Node *node, uint32_t yes, uint32_t no, uint32_t flags);
/* The same for the condition of `decider`: a test that a macro makes is the macro's, even
 * when what it tests was written by the user. */
void lower_decide(Lower *lower, const Node *decider, Node *node, uint32_t yes,
                  uint32_t no, uint32_t flags);
Val lower_logical(Lower *lower, Node *node);
Val lower_choice(Lower *lower, Node *node);
Val lower_gnu_choice(Lower *lower, Node *node);

/* call.c, atomic.c */
Val lower_call(Lower *lower, Node *node);
bool lower_is_pure(Lower *lower, Node *node); /* evaluating it changes nothing */
Val lower_sync(Lower *lower, Node *node, const char *name);
Val lower_atomic(Lower *lower, Node *node);

/* init.c, local.c */
void lower_variable(Lower *lower, Node *node);
void lower_init(Lower *lower, Node *node, LocalId local, TypeInfo *type, Node *init);

/* stmt.c, jump.c, scope.c, assembly.c */
void lower_statement(Lower *lower, Node *node);
void lower_switch(Lower *lower, Node *node);
void lower_case(Lower *lower, Node *node);
void lower_goto(Lower *lower, Node *node);
void lower_goto_computed(Lower *lower, Node *node);
void lower_label(Lower *lower, Node *node);
Label *lower_find_label(Lower *lower, CXCursor cursor);
uint32_t lower_label_number(const Lower *lower, const Label *label);
void lower_assembly(Lower *lower, Node *node);
void lower_return(Lower *lower, Node *node);
void scope_open(Lower *lower, Scope *scope, Node *node);
void scope_close(Lower *lower, Node *node); /* runs its cleanups, pops it */
void scope_leave(Lower *lower, Node *node, const Scope *to); /* runs them, stays */
void scope_leave_for(Lower *lower, Node *node, const Node *target);
void scope_cleanup(Lower *lower, Node *decl, LocalId local);

/* assert.c: true when the node was an assertion that was compiled out */
bool lower_assertion(Lower *lower, Node *node);
void lower_assume(Lower *lower, Node *condition, bool is_negated);

/* body.c */
Body *lower_body(Parse *parse, Arena *nodes, CXCursor fn, const Fn *row);

/* global.c */
void lower_global(Parse *parse, Arena *nodes, CXCursor variable, GlobalId id);

#endif
