#ifndef SUMMARY_SUMMARY_H
#define SUMMARY_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/name.h"
#include "ir/ir.h"

/*
 * All that callers ever learn of a function. No location, no pointer into the IR: sites
 * are (function, instruction number). Terms form a table; operands stand before users.
 */
typedef enum TermKind {
    TERM_NONE,
#define TERM(name, text) TERM_##name,
#include "summary/terms.def"
#undef TERM
    TERM_COUNT
} TermKind;

typedef uint32_t TermId; /* index into Summary.terms; 0 is none */

typedef struct SummaryTerm {
    TermKind kind : 8;
    Calc calc : 8;
    bool is_unsigned : 1;
    bool is_outside : 1; /* FRESH: an answer of the world, not of what memory holds */
    TermId a, b;
    int64_t imm;
    const Name *name;
} SummaryTerm;

/* Pointer classes; a set of them is what is known of a pointer. */
typedef enum Class {
    CLASS_NULL = 1,
    CLASS_ERR = 2, /* -4095 .. -1 as a pointer */
    CLASS_VALID = 4,
    CLASS_ANY = 7
} Class;

/* What is known of one value. Everything possible: classes ANY, low INT64_MIN, high INT64_MAX,
 * no holes. */
enum { RANGE_LOWEST_HOLE = -16 };

typedef struct Range {
    uint8_t classes; /* set of Class; pointers only, else CLASS_ANY */
    bool has_hole;
    int64_t low, high;      /* integers */
    int64_t hole, hole_end; /* one excluded interval that has no bits in holes */
    uint64_t holes;         /* excluded small integers: bit k is RANGE_LOWEST_HOLE + k */
} Range;

extern const Range range_any;
Range range_of_int(int64_t value);
Range range_of_class(uint8_t classes);
Range range_without(int64_t value);           /* anything else */
bool range_skips(Range range, int64_t value); /* it cannot be value */
Range range_meet(Range a, Range b);
void range_narrow(Range *range, const Range *by); /* the meet, in place */
Range range_join(Range a, Range b);
void range_widen(Range *range, const Range *by); /* the join, in place */
bool range_within(Range inner, Range outer);     /* inner says at least as much */

static inline bool range_equal(Range a, Range b)
{
    return a.classes == b.classes && a.low == b.low && a.high == b.high &&
           a.holes == b.holes && a.has_hole == b.has_hole &&
           (!a.has_hole || (a.hole == b.hole && a.hole_end == b.hole_end));
}

static inline bool range_is_any(Range range)
{
    return range_equal(range, range_any);
}

static inline bool range_is_empty(Range range)
{
    return range.classes == 0 || range.low > range.high;
}

/* Where something is, without a location: the instruction's number in its function's body
 * (blocks in order). ins NO_INS: the function itself; in a model: the model. */
typedef struct Site {
    const Name *fn; /* link name */
    uint32_t ins;
} Site;
#define NO_INS UINT32_MAX

typedef enum StepKind {
    STEP_NULL_CONST,    /* a null constant is assigned or passed here */
    STEP_ZEROED,        /* memory is zeroed here */
    STEP_ALLOC,         /* allocation that may fail */
    STEP_RETURNS_NULL,  /* this call may return null */
    STEP_RETURNS_ERROR, /* this call may return an error pointer */
    STEP_SETS_NULL,     /* this call sets memory to null */
    STEP_LEFT_UNSET,    /* this call leaves its out-parameter unset */
    STEP_TEST_NULL,     /* found null by this test */
    STEP_TEST_ERROR,    /* found to be an error pointer by this test */
    STEP_BRANCH,        /* a condition; flag: it was true */
    STEP_CALL,          /* calls the next function */
    STEP_DEREF,         /* dereferenced here */
    STEP_PASSED,        /* passed to a parameter that must not be null */
    STEP_RETURN,        /* returned here */
    STEP_SENT,          /* a request goes out here */
    STEP_AMBIENT,       /* the ambient context is read here */
    STEP_ROOT,          /* a context of no request is made here */
    STEP_GONE,          /* keys that were there are gone from here on */
    STEP_STORED,        /* kept in something that lives longer */
    STEP_HANDED         /* somebody else goes on from here, later */
} StepKind;

typedef struct SiteStep {
    StepKind kind;
    bool flag;
    Site site;
} SiteStep;

typedef struct Guard {
    TermId term;
    Range range;
} Guard;

typedef struct Post {
    TermId address, value; /* value 0: clobbered, anything but a new null */
    Range range;           /* of the value when it is FRESH or unknown */
    Type type;
    SiteStep
        birth; /* of a null: what made it; site.fn NULL: the outcome's steps say it, or
                       nobody */
} Post;

/* Why a null in an outcome is a deliberate failure value and not an accident. */
typedef enum NullOrigin {
    ORIGIN_NONE,
    ORIGIN_CONST,         /* written NULL */
    ORIGIN_ZEROED,        /* zero-initialised memory */
    ORIGIN_ALLOC,         /* an allocation failed */
    ORIGIN_RETURN,        /* a modelled or inferred function returned null */
    ORIGIN_OUT,           /* an out-parameter was left or set null */
    ORIGIN_TESTED,        /* compared with null in this function */
    ORIGIN_TESTED_MACRO,  /* compared inside a macro */
    ORIGIN_TESTED_CALLEE, /* a callee's defensive test */
    ORIGIN_DECLARED       /* its declaration says that it may be null */
} NullOrigin;

/* What happens to whole ranges of memory: calloc and memset zero, memcpy copies; from where,
 * only models say: elsewhere `from` is 0, and what is there now is unknown. */
typedef enum EffectKind { EFFECT_ZERO, EFFECT_COPY } EffectKind;

typedef struct Effect {
    EffectKind kind;
    TermId to, from, size; /* addresses; from 0: unknown; size 0: unknown, to the end */
} Effect;

/* What a null result says of the caller who does not check it. */
typedef enum NullNature {
    NATURE_FAILURE,  /* something went wrong: fopen, malloc */
    NATURE_OPTIONAL, /* an ordinary answer: getenv, strchr */
    NATURE_RARE /* possible, but next to never, and mostly left unchecked: localtime */
} NullNature;

/* A status that says "here it is" while the out-parameter is null: another outcome gives
 * the same status with an object. */
typedef struct Breach {
    const Name *fn; /* whose defect it is; NULL: none */
    uint32_t param; /* its out-parameter, from 1 */
    int64_t status; /* what it returns all the same */
    bool is_memory; /* only when memory has run out */
} Breach;

/* Where a request's context comes from. */
typedef enum MarkOrigin {
    MARK_UNKNOWN,
    MARK_INHERITED, /* came in: a parameter, a member of one, the request of an entry */
    MARK_DERIVED,   /* made from one that came in */
    MARK_DETACHED,  /* ... without some keys, on purpose */
    MARK_ROOT,      /* belongs to no request */
    MARK_INTENDED, /* ... and that is meant: a reason is given, the request has expired */
    MARK_AMBIENT   /* what the ambient slot held on entry */
} MarkOrigin;

typedef enum MarkFlag {
    MARK_NEW = 1,       /* a carrier that was made here: what is not on it is not there */
    MARK_ATTACHED = 2,  /* something was attached, or all was taken off, since entry */
    MARK_DEADLINE = 4,  /* it has a deadline ... */
    MARK_IN_TIME = 8,   /* ... made from the one that came in */
    MARK_EXTERNAL = 16, /* goes across the trust boundary */
    MARK_EXEMPT = 32,   /* goes to a collector of telemetry */
    MARK_REMAINING = 64,   /* a number: the time that is left of `from`, or less */
    MARK_ENDED = 128,      /* a context: it is gone */
    MARK_SHARED = 256,     /* a context: there is another reference to it */
    MARK_LONG = 512,       /* its deadline is a long constant */
    MARK_ENTRY = 1024,     /* a message that was asked for: a request of its own */
    MARK_SET = 2048,       /* an ambient slot: it was set here */
    MARK_BARE = 4096,      /* a context: what was kept with it is gone */
    MARK_GONE = 8192,      /* ... and this was read from there since */
    MARK_OPEN = 1 << 14,   /* a span: it was started, and somebody must finish it */
    MARK_CLOSED = 1 << 15, /* ... it is finished */
    MARK_ANSWER =
        1 << 16, /* what a read of the keys `maybe` gave: null, they did not come in */
    MARK_STATUS = 1 << 17 /* ... not 0: they did not */
} MarkFlag;

/* What is known of a value that is, or carries, the context of a request. */
typedef struct RequestMark {
    TermId value;
    TermId attached; /* a handle: the carrier that goes out with it; 0 none or unknown */
    TermId from;     /* the context it was made from */
    uint32_t yes, maybe; /* sets of keys that are on it: certainly, perhaps */
    uint32_t lost;       /* ... that were on it */
    uint32_t flags;      /* MarkFlag */
    MarkOrigin origin;
    const Name *text; /* an address: the text there begins so */
    uint32_t ins;     /* where it was made, or lost its keys */
} RequestMark;

/* What waits for a caller with a context. */
typedef enum NeedKind {
    NEED_SEND, /* a request goes out without keys, and there is no context to take them from */
    NEED_CARRIER, /* `carrier`, which a caller gives, goes out */
    NEED_AMBIENT, /* the ambient slot is read, and was not set here */
    NEED_ROOT,    /* a context of no request is made */
    NEED_CONTEXT, /* NULL is passed for a context of the type `keys`, and none is at hand */
    NEED_TIME,    /* `carrier` is a number: how long a request may take */
    NEED_COUNT
} NeedKind;

typedef struct Need {
    NeedKind kind;
    TermId carrier;
    uint32_t
        keys; /* SEND: those that are missing; CARRIER: those that were added here; ROOT: which context */
    uint32_t flags;    /* CARRIER: MarkFlag */
    bool cannot_carry; /* SEND: with a call that has no place for keys */
    const Name *name;  /* who sends; the slot; who makes the root */
    const Name *via;
    SiteStep *steps; /* from here to the send; at most 12 */
    uint32_t nstep;
    uint32_t nmore; /* others like it below the same call */
} Need;

typedef struct Outcome {
    Guard *guards; /* hold together with all of the rest */
    uint32_t nguard;
    TermId result; /* 0: void or unknown */
    Range result_range;
    NullOrigin origin; /* of a null result */
    Effect *effects;   /* done before the posts */
    uint32_t neffect;
    Post *posts;
    uint32_t npost;
    SiteStep *steps; /* how the null result comes about, at most 8 */
    uint32_t nstep;
    NullNature nature; /* of a null result; models only */
    bool is_hidden;    /* depends on something that callers cannot see */
    bool is_murky;     /* ... and that is more than an answer of the world outside */
    bool is_failure;   /* something outside the program went wrong: a call into a library
                          decided it, not what memory holds */
    TermId *unset; /* models only: out-parameters that it does not write, by address */
    uint32_t nunset;
    TermId hollow; /* the out-parameter, by address, of `breach`; 0: none */
    Breach breach;
    RequestMark *marks; /* of values that callers can name, or that they get */
    uint32_t nmark;
} Outcome;

typedef enum LatentKind {
    LATENT_DEREF,   /* `term` is dereferenced */
    LATENT_NONNULL, /* `term` is passed to a parameter declared or modelled non-null */
    LATENT_CALL     /* `term` is called as a function */
} LatentKind;

/* An error that waits for a caller: `term` must be within `need`, or the site is reached. */
typedef struct Latent {
    LatentKind kind;
    Guard *guards;
    uint32_t nguard;
    TermId term; /* what must not be null; 0: null already (the guards alone decide) */
    SiteStep *steps; /* from here to the crash; the last is the site itself; at most 12 */
    uint32_t nstep;
    bool is_must; /* every path that the guards allow gets there */
    bool
        is_free; /* what decides besides the guards are answers of the world: any will do */
    bool is_relayed; /* comes from a callee that may not get there: never certain */
} Latent;

/* A function value that this function calls. */
typedef struct Invoke {
    TermId callee;
    TermId *args;
    uint32_t narg;
    Guard *guards;
    uint32_t nguard;
    Site site;
} Invoke;

typedef enum SummaryFlag {
    SUMMARY_NORETURN = 1, /* no outcome returns */
    SUMMARY_INCOMPLETE =
        2, /* a budget ran out, or the body is degraded: outcomes are not all */
    SUMMARY_CLOBBERS_GLOBALS =
        4, /* calls something unknown: globals may have changed, never to null */
    SUMMARY_CLOBBERS_PARAMS =
        8, /* memory reachable from non-const pointer parameters may have changed */
    SUMMARY_MODEL = 16, /* from a model pack, not inferred */
    SUMMARY_RECURSIVE = 32,
    SUMMARY_PRINTS = 64, /* models only: the last parameter is a format as of printf() */
    SUMMARY_SCANS = 128  /* ... of scanf() */
} SummaryFlag;

typedef struct Summary {
    const Name *link_name;
    uint32_t flags; /* SummaryFlag */
    uint32_t nparam;
    SummaryTerm *terms;
    uint32_t nterm;
    Outcome *outcomes; /* at most 8; empty and not NORETURN: nothing is known */
    uint32_t noutcome;
    Latent *latents; /* at most 16 */
    uint32_t nlatent;
    Invoke *invokes; /* at most 8 */
    uint32_t ninvoke;
    const TermId
        *clobbers; /* roots whose reachable memory may have changed (never to null) */
    uint32_t nclobber;
    Need *needs; /* at most 8 */
    uint32_t nneed;
} Summary;

void summary_print(Buf *out, const Summary *summary); /* for --dump=summary and tests */

#endif
