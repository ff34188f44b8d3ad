/* Data as bytes, and back. */
#include "base/bytes.h"

#include <string.h>

enum { MAGIC = 8, TRAILER = 16 };

void bytes_begin(BytesOut *out, Arena *arena)
{
    *out = (BytesOut){.arena = arena};
    buf_init(&out->body, arena);
    map_init(&out->index, arena);
}

static void put_number(Buf *to, uint64_t value)
{
    unsigned char bytes[10];
    size_t n = 0;
    do {
        bytes[n] = value & 127;
        value >>= 7;
        if (value) bytes[n] |= 128;
        n++;
    } while (value);
    buf_put(to, bytes, n);
}

void bytes_put_number(BytesOut *out, uint64_t value)
{
    put_number(&out->body, value);
}

/* Small numbers of either sign stay short. */
void bytes_put_signed(BytesOut *out, int64_t value)
{
    uint64_t bits = (uint64_t)value << 1;
    put_number(&out->body, value < 0 ? ~bits : bits);
}

void bytes_put_name(BytesOut *out, const Name *name)
{
    if (!name) {
        put_number(&out->body, 0);
        return;
    }
    bool is_new;
    uint64_t at =
        *map_put(&out->index, MAP_KEY(name), (uint64_t)out->names.n + 1, &is_new);
    if (is_new) vec_push(out->arena, &out->names, name);
    put_number(&out->body, at);
}

static void put_names(const BytesOut *out, Buf *to)
{
    put_number(to, out->names.n);
    for (uint32_t i = 0; i < out->names.n; i++) {
        put_number(to, out->names.at[i]->len);
        buf_put(to, out->names.at[i]->text, out->names.at[i]->len);
    }
}

static void put_hash(Buf *to, Hash hash)
{
    unsigned char bytes[16];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(hash.high >> (8 * i));
        bytes[8 + i] = (unsigned char)(hash.low >> (8 * i));
    }
    buf_put(to, bytes, sizeof bytes);
}

void bytes_put_hash(BytesOut *out, Hash hash)
{
    put_hash(&out->body, hash);
}

void bytes_end(const BytesOut *out, const char magic[static 8], Buf *to)
{
    size_t start = to->n;
    buf_put(to, magic, 8);
    put_names(out, to);
    buf_put(to, out->body.at, out->body.n);
    put_hash(to, hash_bytes(to->at + start, to->n - start));
}

Hash bytes_hash(const BytesOut *out)
{
    Buf names;
    buf_init(&names, out->arena);
    put_names(out, &names);
    return hash_mix(hash_bytes(names.at, names.n), hash_bytes(out->body.at, out->body.n));
}

/* --- the way back ------------------------------------------------------------------------ */

uint64_t bytes_get_number(BytesIn *in, uint64_t most)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        unsigned char byte = *in->at++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte & 128) continue;
        if (value > most) break;
        return value;
    }
    in->is_damaged = true;
    in->at = in->end;
    return 0;
}

int64_t bytes_get_signed(BytesIn *in)
{
    uint64_t bits = bytes_get_number(in, UINT64_MAX);
    uint64_t half = bits >> 1;
    return (int64_t)(bits & 1 ? ~half : half);
}

uint32_t bytes_get_count(BytesIn *in, size_t size)
{
    uint64_t room = (uint64_t)(in->end - in->at) / size;
    return (uint32_t)bytes_get_number(in, room < UINT32_MAX ? room : UINT32_MAX);
}

const Name *bytes_get_name(BytesIn *in)
{
    return in->names[bytes_get_number(in, in->nname)];
}

Hash bytes_get_hash(BytesIn *in)
{
    Hash hash = {0};
    if (in->end - in->at < TRAILER) {
        in->is_damaged = true;
        in->at = in->end;
        return hash;
    }
    for (int i = 0; i < 8; i++) {
        hash.high |= (uint64_t)in->at[i] << (8 * i);
        hash.low |= (uint64_t)in->at[8 + i] << (8 * i);
    }
    in->at += TRAILER;
    return hash;
}

static void get_names(BytesIn *in, Names *names)
{
    uint32_t n = bytes_get_count(in, 1);
    in->names = ARENA_ARRAY(in->arena, const Name *, (size_t)n + 1);
    for (uint32_t i = 1; i <= n && !in->is_damaged; i++) {
        uint32_t len = bytes_get_count(in, 1);
        if (memchr(in->at, 0, len)) in->is_damaged = true;
        in->names[i] = name_of_range(names, (const char *)in->at, len);
        in->at += len;
    }
    in->nname = in->is_damaged ? 0 : n;
}

bool bytes_open(BytesIn *in, const char *bytes, size_t len, const char magic[static 8],
                Names *names, Arena *arena)
{
    *in = (BytesIn){.arena = arena, .is_damaged = true};
    in->names = ARENA_ARRAY(arena, const Name *, 1);
    if (len < MAGIC + TRAILER || memcmp(bytes, magic, MAGIC) != 0) return false;
    in->at = (const unsigned char *)bytes + len - TRAILER;
    in->end = in->at + TRAILER;
    in->is_damaged = false;
    Hash whole = hash_bytes(bytes, len - TRAILER);
    if (hash_compare(bytes_get_hash(in), whole) != 0) return false;
    in->at = (const unsigned char *)bytes + MAGIC;
    in->end -= TRAILER;
    get_names(in, names);
    return !in->is_damaged;
}

bool bytes_close(const BytesIn *in)
{
    return !in->is_damaged && in->at == in->end;
}
