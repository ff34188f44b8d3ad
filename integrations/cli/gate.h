#ifndef CLI_GATE_H
#define CLI_GATE_H

#include "config.h"
#include "run/run.h"

/* When a merge is blocked. */
typedef struct Gate {
    int fail_on, show; /* as in Config, never CONFIG_UNSET */
    const Threshold *thresholds;
    uint32_t nthreshold;
    bool only_reports; /* nothing blocks, whatever thresholds say */
} Gate;

/* Sets `blocks` and `is_hidden` of findings and remarks; gives the number that block. Remarks
 * block only when a threshold names their rule. */
uint32_t gate_judge(const Gate *gate, const RunResult *result, Arena *arena);

/* Percent of the program that was analysed: units that parsed wholly, times functions that the
 * engine followed to their end. 0 when nothing was analysed. */
double gate_coverage(const RunStats *stats);

#endif
