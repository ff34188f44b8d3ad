/* Edits of a text: sorted, looked at, made. Pure functions, so that whoever offers a repair, tries
 * it and writes it means the same bytes. */
#include "base/edit.h"

#include <string.h>

#include "base/buf.h"

void edit_sort(Edit *edits, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        Edit edit = edits[i];
        uint32_t at = i;
        for (; at && edits[at - 1].offset > edit.offset; at--)
            edits[at] = edits[at - 1];
        edits[at] = edit;
    }
}

bool edit_is_disjoint(const Edit *edits, uint32_t n, size_t len)
{
    for (uint32_t i = 0; i < n; i++) {
        size_t end = (size_t)edits[i].offset + edits[i].cut;
        if (end > len || (i + 1 < n && end > edits[i + 1].offset)) return false;
    }
    return true;
}

char *edit_apply(const char *text, size_t len, const Edit *edits, uint32_t n,
                 Arena *arena, size_t *made)
{
    Buf out;
    buf_init(&out, arena);
    size_t done = 0;
    for (uint32_t i = 0; i < n; i++) {
        buf_put(&out, text + done, edits[i].offset - done);
        buf_text(&out, edits[i].text);
        done = (size_t)edits[i].offset + edits[i].cut;
    }
    buf_put(&out, text + done, len - done);
    *made = out.n;
    return out.at;
}
