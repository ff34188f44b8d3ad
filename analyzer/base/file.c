/* Files: read whole, written whole (temporary + rename), and paths as text. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, FileText *text, size_t room)
{
    while (text->len < room) {
        ssize_t got = read(fd, text->at + text->len, room - text->len);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        text->len += (size_t)got;
    }
    return true;
}

bool file_read(const char *path, size_t limit, Arena *arena, FileText *text, Err *err)
{
    /* Nonblocking: a pipe without a writer must be refused, not waited for. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    bool ok = false;
    struct stat info;
    if (fstat(fd, &info) != 0) {
        err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    } else if (!S_ISREG(info.st_mode)) {
        err_set(err, ERR_IO, "cannot read %s: it is not a regular file", path);
    } else if ((uint64_t)info.st_size > limit) {
        err_set(err, ERR_IO,
                "cannot read %s: it has %lld bytes, more than the limit of %zu", path,
                (long long)info.st_size, limit);
    } else {
        text->at = arena_take(arena, (size_t)info.st_size + 1, 1);
        text->len = 0;
        ok = read_all(fd, text, (size_t)info.st_size);
        if (!ok) err_set(err, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    }
    close(fd);
    return ok;
}

static bool is_equal(const char *path, const void *bytes, size_t len)
{
    Arena *scratch = arena_new("compare");
    FileText old;
    bool same = file_read(path, len, scratch, &old, NULL) && old.len == len &&
                !memcmp(old.at, bytes, len);
    arena_free(scratch);
    return same;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

/* Terminals, pipes, /dev/null: what stands there must not be replaced by a file. A reader that
 * is gone has seen what it wanted. */
static bool write_device(const char *path, const void *bytes, size_t len, Err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && (write_all(fd, bytes, len) || errno == EPIPE);
    if (!ok) err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    return ok;
}

/* Who asks us to end gets the whole file or the old one, and never a temporary beside it. */
static void hold_signals(sigset_t *before)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    sigprocmask(SIG_BLOCK, &mask, before);
}

bool file_write(const char *path, const void *bytes, size_t len, Err *err)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))
        return write_device(path, bytes, len, err);
    if (is_equal(path, bytes, len)) return true;
    Arena *scratch = arena_new("write");
    char *part = arena_printf(scratch, "%s.%ld.part", path, (long)getpid());
    sigset_t before;
    hold_signals(&before);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && write_all(fd, bytes, len);
    int reason = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    if (ok && rename(part, path) != 0) {
        ok = false;
        reason = errno;
    }
    if (!ok) {
        if (fd >= 0) unlink(part);
        err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(reason));
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    arena_free(scratch);
    return ok;
}

bool file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

const char *file_unreadable(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return strerror(errno);
    struct stat info;
    const char *why = fstat(file, &info) == 0 ? NULL : strerror(errno);
    close(file);
    if (why || S_ISREG(info.st_mode) || !strcmp(path, "/dev/null")) return why;
    return S_ISDIR(info.st_mode) ? "it is a folder" : "it is a pipe or a device";
}

bool file_make_folders(const char *path, Err *err)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof part)
        return err_set(err, ERR_IO, "cannot make folder %s: name too long", path);
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != 0) continue;
        char kept = part[i];
        part[i] = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return err_set(err, ERR_IO, "cannot make folder %s: %s", part,
                           strerror(errno));
        part[i] = kept;
    }
    return true;
}

/* Drops "." and "x/.." in place; keeps leading ".." of relative paths. */
static void path_clean(char *path)
{
    bool rooted = path[0] == '/';
    char *out = path + rooted, *floor = out;
    for (char *in = out; *in;) {
        while (*in == '/')
            in++;
        char *end = in;
        while (*end && *end != '/')
            end++;
        size_t len = (size_t)(end - in);
        if (len == 2 && in[0] == '.' && in[1] == '.') {
            if (out > floor) {
                out--;
                while (out > floor && out[-1] != '/')
                    out--;
            } else if (!rooted) {
                memmove(out, "../", 3);
                out += 3;
                floor = out;
            }
        } else if (len && !(len == 1 && in[0] == '.')) {
            memmove(out, in, len);
            out += len;
            *out++ = '/';
        }
        in = *end ? end + 1 : end;
    }
    if (out > path + rooted) out--;
    if (out == path) *out++ = '.';
    *out = 0;
}

const char *path_join(Arena *arena, const char *folder, const char *path)
{
    char *joined = path[0] == '/' ? arena_printf(arena, "%s ", path)
                                  : arena_printf(arena, "%s/%s ", folder, path);
    joined[strlen(joined) - 1] = 0; /* the blank made room for path_clean's last slash */
    path_clean(joined);
    return joined;
}

const char *path_below(Arena *arena, const char *root, const char *path)
{
    size_t len = strlen(root);
    while (len > 1 && root[len - 1] == '/')
        len--;
    if (!strncmp(path, root, len) && path[len] == '/')
        return arena_copy(arena, path + len + 1, strlen(path + len + 1));
    return path;
}

const char *path_real(Arena *arena, const char *path)
{
    char real[PATH_MAX];
    return realpath(path, real) ? arena_copy(arena, real, strlen(real)) : path;
}
