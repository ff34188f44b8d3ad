/*
 * Temporary folders and who removes them.
 *
 * The guard holds the reading end of a pipe that nobody writes to: when the last process with
 * the other end is gone (we, and workers that were forked from us), reading ends, and so it does
 * after SIGKILL. It is in a session of its own, for an interrupt from the keyboard is not meant
 * for it, and holds no other descriptor, so that nobody waits for it.
 */
#include "base/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) return;
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(path);
}

static _Noreturn void wait_and_remove(const char *path, int end)
{
    sigset_t all;
    char byte;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    if (dup2(end, STDIN_FILENO) < 0) _exit(1);
    close_range(STDIN_FILENO + 1, UINT_MAX, 0);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
        continue;
    remove_folder(path);
    _exit(0);
}

/* Not our child, for whom we would have to wait. Without one the folder is only removed by us. */
static int start_guard(const char *path)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        pid_t guard = fork();
        if (guard != 0) _exit(guard < 0);
        wait_and_remove(path, ends[0]);
    }
    close(ends[0]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return ends[1];
}

bool temporary_make(Temporary *temporary, Arena *arena)
{
    const char *place = getenv("TMPDIR");
    *temporary = (Temporary){.guard = -1};
    if (!place || place[0] != '/') place = "/tmp";
    temporary->path = mkdtemp(arena_printf(arena, "%s/sluice-XXXXXX", place));
    if (temporary->path) temporary->guard = start_guard(temporary->path);
    return temporary->path != NULL;
}

void temporary_remove(Temporary *temporary)
{
    if (!temporary->path) return;
    remove_folder(temporary->path);
    if (temporary->guard >= 0) close(temporary->guard);
    *temporary = (Temporary){.guard = -1};
}
