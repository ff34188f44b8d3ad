#ifndef FRONTEND_REPAIR_RUN_H
#define FRONTEND_REPAIR_RUN_H

#include "frontend/parse.h"
#include "frontend/repair.h"

/* While the TU is there: everything in the answer lives in `arena`. */
void repair_run(Parse *parse, const RepairOrder *order, Arena *arena,
                RepairAnswer *answer);

#endif
