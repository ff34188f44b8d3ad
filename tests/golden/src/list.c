#include "cache.h"

struct entry *list_first(struct list *list)
{
    if (list->n == 0) return NULL;
    return list->first;
}
