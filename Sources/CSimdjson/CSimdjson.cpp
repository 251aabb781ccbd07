#include "CSimdjson.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

struct csimdjson_parser {
    simdjson::dom::parser parser;
    std::unique_ptr<uint8_t[]> padded;
    size_t capacity = 0;
    size_t maximum_bytes;
    size_t maximum_depth;

    csimdjson_parser(size_t bytes, size_t depth) : parser(bytes), maximum_bytes(bytes), maximum_depth(depth) {}

    // Buffers grow with the messages seen: most workers never need more than a few kilobytes of the allowed megabyte.
    csimdjson_status reserve(size_t count) {
        if (count <= capacity) return CSIMDJSON_OK;
        size_t wanted = 16 * 1024;
        while (wanted < count) wanted *= 2;
        padded.reset(new (std::nothrow) uint8_t[wanted + simdjson::SIMDJSON_PADDING]);
        capacity = 0;
        // simdjson counts one level more than the document has.
        if (!padded || parser.allocate(wanted, maximum_depth + 1)) return CSIMDJSON_MEMORY;
        capacity = wanted;
        return CSIMDJSON_OK;
    }
};

static csimdjson_status status_of(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return CSIMDJSON_OK;
    case simdjson::CAPACITY: return CSIMDJSON_TOO_LARGE;
    case simdjson::MEMALLOC: return CSIMDJSON_MEMORY;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case simdjson::UTF8_ERROR: return CSIMDJSON_ENCODING;
    case simdjson::EMPTY: return CSIMDJSON_EMPTY;
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE: return CSIMDJSON_NUMBER;
    case simdjson::STRING_ERROR:
    case simdjson::UNESCAPED_CHARS: return CSIMDJSON_STRING;
    default: return CSIMDJSON_SYNTAX;
    }
}

// simdjson lets "\u0000" and a lone low surrogate pass. Only an escape can bring either into a string.
static bool has_forbidden_escape(const csimdjson_tape &tape) {
    for (size_t index = 1; index + 1 < tape.word_count; index++) {
        const char kind = char(tape.words[index] >> 56);
        if (kind == 'l' || kind == 'u' || kind == 'd') index++;
        if (kind != '"') continue;
        const uint8_t *string = tape.strings + (tape.words[index] & 0x00FFFFFFFFFFFFFFULL);
        uint32_t length;
        std::memcpy(&length, string, sizeof length);
        const uint8_t *bytes = string + sizeof length;
        if (std::memchr(bytes, 0, length) != nullptr) return true;
        for (uint32_t at = 0; at + 1 < length; at++)
            if (bytes[at] == 0xED && bytes[at + 1] >= 0xA0) return true;
    }
    return false;
}

csimdjson_parser *csimdjson_create(size_t maximum_bytes, size_t maximum_depth) {
    return new (std::nothrow) csimdjson_parser(maximum_bytes, maximum_depth);
}

void csimdjson_destroy(csimdjson_parser *parser) {
    delete parser;
}

csimdjson_status csimdjson_parse(csimdjson_parser *self, const uint8_t *bytes, size_t count, csimdjson_tape *tape) {
    if (count > self->maximum_bytes) return CSIMDJSON_TOO_LARGE;
    if (count == 0) return CSIMDJSON_EMPTY;
    const csimdjson_status reserved = self->reserve(count);
    if (reserved != CSIMDJSON_OK) return reserved;
    std::memcpy(self->padded.get(), bytes, count);
    std::memset(self->padded.get() + count, ' ', simdjson::SIMDJSON_PADDING);

    simdjson::dom::element root;
    const simdjson::error_code error = self->parser.parse(self->padded.get(), count, false).get(root);
    if (error) return status_of(error);
    tape->words = self->parser.doc.tape.get();
    tape->word_count = size_t(tape->words[0] & 0x00FFFFFFFFFFFFFFULL);
    tape->strings = self->parser.doc.string_buf.get();

    const bool has_escape = std::memchr(bytes, '\\', count) != nullptr;
    return has_escape && has_forbidden_escape(*tape) ? CSIMDJSON_STRING : CSIMDJSON_OK;
}
