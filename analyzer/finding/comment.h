#ifndef FINDING_COMMENT_H
#define FINDING_COMMENT_H

#include <stdbool.h>

#include "finding/source.h"

/* A comment and the code that it speaks about. Lines and columns count from 1. */
typedef struct Comment {
    const char *text; /* without its delimiters; may have several lines */
    size_t len;
    uint32_t line, column; /* of its first character */
    uint32_t last_line;
    bool is_head;                   /* stands alone before the first code of the file */
    uint32_t code_first, code_last; /* its own lines when there is code on them, else the
                                       statement that follows; 0: no code follows */
} Comment;

typedef struct CommentList {
    Comment *at;
    uint32_t n;
} CommentList;

/* All comments of a C file, in order. Takes any bytes. */
CommentList comment_list(const SourceFile *file, Arena *arena);

#endif
