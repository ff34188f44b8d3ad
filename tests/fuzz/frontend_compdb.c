/* A compile database that somebody else wrote. It is read, and each command's flags chosen. */
#include <sys/mman.h>
#include <unistd.h>

#include "frontend/frontend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    int fd = memfd_create("database", 0);
    BUG_IF(fd < 0 || write(fd, data, len) != (ssize_t)len);
    CommandList list;
    Err err = {0};
    const char *path = arena_printf(arena, "/proc/self/fd/%d", fd);
    if (compdb_read(path, arena, &list, &err)) {
        for (uint32_t i = 0; i < list.n; i++) {
            uint32_t n;
            BUG_IF(!compdb_clang_args(&list.at[i], arena, &n) || !n);
            BUG_IF(list.at[i].file[0] != '/' || !list.at[i].narg);
        }
    } else {
        BUG_IF(err.kind != ERR_CONFIG || !err.text[0]);
    }
    close(fd);
    arena_free(arena);
    return 0;
}
