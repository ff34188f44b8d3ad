#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include "base/buf.h"
#include "cache/cache.h"
#include "frontend/repair.h"
#include "run/share.h"

/* One worker process: TU numbers in, facts out, over two pipes. */

/* What a worker says of one TU, or of a PCH (then it is all): this head, then the fact's bytes, then the dependencies. */
typedef struct MessageHead {
    uint32_t job;
    uint32_t is_complete;
    uint64_t fact_len, deps_len;
    uint32_t ndep;
    uint32_t check; /* MESSAGE_CHECK: the stream is still in step */
} MessageHead;
enum { MESSAGE_CHECK = 0x534c4943 };

typedef struct WorkerSetup {
    Frontend *frontend;
    const char *root;
    const Command *const *commands; /* by TU number */
    uint32_t ncommand;              /* numbers from here on: a PCH to build */
    const Share *share;
    const RepairOrder *orders; /* by TU number; NULL: facts are wanted */
    uint32_t seconds;          /* CPU time a TU */
    uint32_t megabytes;        /* address space */
    int in, out;
} WorkerSetup;

/* Works until `in` is closed, then ends the process. */
_Noreturn void worker_run(const WorkerSetup *setup);

/* The fact of a TU of which only this is known. */
void worker_fact_failed(Buf *out, const Command *command, const char *root,
                        const char *why);
/* Dependencies out of a message's tail; false: it is damaged. */
bool worker_read_deps(const char *bytes, size_t len, uint32_t ndep, Arena *arena,
                      CacheDep **deps);

#endif
