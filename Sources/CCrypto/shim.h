// The part of OpenSSL's libcrypto that is used. Function-like macros and fetches that differ between OpenSSL releases
// stay behind these inline functions.
#ifndef STEVEDORE_CCRYPTO_H
#define STEVEDORE_CCRYPTO_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stddef.h>
#include <stdint.h>

// A digest context that is used again and again: fetching the algorithm costs more than hashing a kilobyte.
typedef struct {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
} ccrypto_sha256;

static inline void ccrypto_sha256_free(ccrypto_sha256 hash) {
    EVP_MD_CTX_free(hash.context);
    EVP_MD_free(hash.algorithm);
}

// Both members are NULL when there is no memory or no SHA-256.
static inline ccrypto_sha256 ccrypto_sha256_new(void) {
    ccrypto_sha256 hash = {EVP_MD_fetch(NULL, "SHA256", NULL), EVP_MD_CTX_new()};
    if (hash.algorithm != NULL && hash.context != NULL) return hash;
    ccrypto_sha256_free(hash);
    hash.algorithm = NULL;
    hash.context = NULL;
    return hash;
}

// Writes 32 bytes to `digest`; returns 1, or 0 when libcrypto failed.
static inline int ccrypto_sha256_digest(ccrypto_sha256 hash, const void *bytes, size_t count, uint8_t *digest) {
    return hash.context != NULL && EVP_DigestInit_ex2(hash.context, hash.algorithm, NULL) == 1 &&
           EVP_DigestUpdate(hash.context, bytes, count) == 1 && EVP_DigestFinal_ex(hash.context, digest, NULL) == 1;
}

// HMAC-SHA256 (RFC 2104) of a short key: writes 32 bytes to `code`; returns 1, or 0 when libcrypto failed.
static inline int ccrypto_hmac_sha256(const void *key, size_t key_count, const void *bytes, size_t count,
                                      uint8_t *code) {
    unsigned int size = 32;
    return key_count <= 4096 && HMAC(EVP_sha256(), key, (int)key_count, bytes, count, code, &size) != NULL && size == 32;
}

#endif
