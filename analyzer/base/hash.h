#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* 128-bit content hash (XXH3), for cache keys, fact identity and fingerprints. */
typedef struct Hash {
    uint64_t high, low;
} Hash;

Hash hash_bytes(const void *bytes, size_t len);
Hash hash_mix(Hash a, Hash b); /* order matters */
void hash_hex(Hash hash, char text[33]);
int hash_compare(Hash a, Hash b);
uint64_t hash_word(uint64_t a); /* good bits of one word, for tables */

#endif
