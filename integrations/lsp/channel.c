/*
 * Sockets between processes of one program: what comes is trusted in form, not in length. A
 * question brings the socket that its answer goes to, so whoever no longer wants it hangs up.
 */
#include "channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

typedef struct Head {
    uint32_t check, talk;
    uint64_t len;
} Head;

enum { CHECK = 0x534c4c53, BODY_LIMIT = 1 << 30 };

static bool send_all(int socket, const char *at, size_t len)
{
    while (len) {
        ssize_t put = send(socket, at, len, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        at += put;
        len -= (size_t)put;
    }
    return true;
}

static bool receive_all(int socket, char *at, size_t len)
{
    while (len) {
        ssize_t got = recv(socket, at, len, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

typedef union Control {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
} Control;

bool channel_send(int socket, Talk talk, const char *body, size_t len, int descriptor)
{
    Head head = {CHECK, (uint32_t)talk, len};
    struct iovec part = {&head, sizeof head};
    Control control = {.room = {0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *item = CMSG_FIRSTHDR(&message);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(item), &descriptor, sizeof descriptor);
    }
    ssize_t put;
    do
        put = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (put < 0 && errno == EINTR);
    if (put <= 0) return false;
    return send_all(socket, (const char *)&head + put, sizeof head - (size_t)put) &&
           send_all(socket, body, len);
}

static int descriptor_of(struct msghdr *message)
{
    int descriptor = -1;
    struct cmsghdr *item = CMSG_FIRSTHDR(message);
    if (item && item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS)
        memcpy(&descriptor, CMSG_DATA(item), sizeof descriptor);
    return descriptor;
}

bool channel_receive(int socket, Arena *arena, Message *message)
{
    Head head;
    struct iovec part = {&head, sizeof head};
    Control control = {.room = {0}};
    struct msghdr received = {.msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.room,
                              .msg_controllen = sizeof control.room};
    ssize_t got;
    do
        got = recvmsg(socket, &received, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    *message = (Message){.descriptor = descriptor_of(&received)};
    bool ok = receive_all(socket, (char *)&head + got, sizeof head - (size_t)got) &&
              head.check == CHECK && head.talk <= TELL_FAILED && head.len <= BODY_LIMIT;
    if (ok) {
        char *body = arena_take_raw(arena, head.len + 1, 8);
        ok = receive_all(socket, body, head.len);
        body[head.len] = 0;
        message->talk = (Talk)head.talk;
        message->body = body;
        message->len = head.len;
    }
    if (!ok && message->descriptor >= 0) close(message->descriptor);
    return ok;
}

void body_put_number(Buf *out, uint64_t number)
{
    buf_put(out, &number, sizeof number);
}

void body_put(Buf *out, const char *text, size_t len)
{
    body_put_number(out, len);
    buf_put(out, text, len);
    buf_put(out, "", 1);
}

bool body_get_number(Message *message, uint64_t *number)
{
    if (message->len < sizeof *number) return false;
    memcpy(number, message->body, sizeof *number);
    message->body += sizeof *number;
    message->len -= sizeof *number;
    return true;
}

bool body_get(Message *message, const char **text, size_t *len)
{
    uint64_t n;
    if (!body_get_number(message, &n) || n >= message->len) return false;
    *text = message->body;
    *len = n;
    message->body += n + 1;
    message->len -= n + 1;
    return true;
}
