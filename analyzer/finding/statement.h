#ifndef FINDING_STATEMENT_H
#define FINDING_STATEMENT_H

#include "base/hash.h"
#include "base/map.h"
#include "finding/finding.h"
#include "finding/source.h"

/*
 * The statement around a place, as text that a formatter cannot change: without blanks,
 * comments, line ends and braces.
 */
typedef struct Statements {
    Arena *arena;
    Source *source;
    Map by_file; /* SourceFile -> its code */
} Statements;

/* Both are borrowed, and must live as long. */
void statements_init(Statements *statements, Source *source, Arena *arena);
/* finding_settle, by whoever settles again and again and keeps what was cut into statements. */
void finding_settle_with(FindingList *list, Statements *statements, Arena *arena);
/* Of the statement's text; of no text when the place cannot be read. */
Hash statement_hash(Statements *statements, const Place *place);

#endif
