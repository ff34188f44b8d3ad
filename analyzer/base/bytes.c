/* Writing data as bytes. */
#include "base/bytes.h"

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
