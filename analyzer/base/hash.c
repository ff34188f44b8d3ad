/* Content hashes: XXH3 from the xxhash library. */
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

Hash hash_bytes(const void *bytes, size_t len)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, len);
    return (Hash){hash.high64, hash.low64};
}

Hash hash_mix(Hash a, Hash b)
{
    uint64_t words[4] = {a.high, a.low, b.high, b.low};
    return hash_bytes(words, sizeof words);
}

void hash_hex(Hash hash, char text[33])
{
    snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, hash.high, hash.low);
}

int hash_compare(Hash a, Hash b)
{
    if (a.high != b.high) return a.high < b.high ? -1 : 1;
    if (a.low != b.low) return a.low < b.low ? -1 : 1;
    return 0;
}

uint64_t hash_word(uint64_t a)
{
    a = (a ^ (a >> 30)) * 0xbf58476d1ce4e5b9u; /* the finaliser of splitmix64 */
    a = (a ^ (a >> 27)) * 0x94d049bb133111ebu;
    return a ^ (a >> 31);
}
