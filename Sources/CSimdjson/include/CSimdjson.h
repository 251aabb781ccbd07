// simdjson (C++) behind C: parse once, then hand out the tape, so that Swift walks the document without crossing again.
#ifndef STEVEDORE_CSIMDJSON_H
#define STEVEDORE_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Owns the parser's buffers. Used by one thread at a time.
typedef struct csimdjson_parser csimdjson_parser;

// The parsed document, valid until the next parse by the same parser. The format is simdjson's doc/tape.md:
// a word is a type character in the high byte and 56 bits of payload.
typedef struct {
    const uint64_t *words;
    size_t word_count;
    // Each string is a 32-bit length, the unescaped UTF-8 bytes and a NUL; a tape word `"` holds its offset.
    const uint8_t *strings;
} csimdjson_tape;

typedef enum {
    CSIMDJSON_OK = 0,
    CSIMDJSON_TOO_LARGE,
    CSIMDJSON_TOO_DEEP,
    CSIMDJSON_ENCODING,
    // Grammar: anything RFC 8259 does not allow.
    CSIMDJSON_SYNTAX,
    // A number outside of 64-bit integers and finite doubles.
    CSIMDJSON_NUMBER,
    // A bad escape, a raw control character, U+0000 or a lone surrogate in a string.
    CSIMDJSON_STRING,
    CSIMDJSON_EMPTY,
    CSIMDJSON_MEMORY,
} csimdjson_status;

// NULL when there is no memory. Documents deeper than `maximum_depth` arrays and objects are refused;
// empty ones do not count.
csimdjson_parser *csimdjson_create(size_t maximum_bytes, size_t maximum_depth);
void csimdjson_destroy(csimdjson_parser *parser);

// Copies `bytes` (they need no padding), parses, and fills in `tape` when all is well.
csimdjson_status csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count, csimdjson_tape *tape);

#ifdef __cplusplus
}
#endif

#endif
