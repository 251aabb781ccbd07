import CSimdjson

/// simdjson with its buffers: parses one document at a time, used by one thread at a time.
struct JSONParser: ~Copyable {
    /// Why a body is not a JSON document that we read.
    enum Failure: Error {
        case tooLarge, tooDeep, encoding, syntax, number, string, empty, memory
    }

    private let parser: OpaquePointer?

    init(maximumBytes: Int, maximumDepth: Int) {
        parser = csimdjson_create(maximumBytes, maximumDepth)
    }

    deinit {
        if let parser { csimdjson_destroy(parser) }
    }

    /// Parses `body`; the tape is valid until the next call.
    func parse(_ body: UnsafeRawBufferPointer) throws(Failure) -> Tape {
        guard let parser else { throw .memory }
        guard let bytes = body.baseAddress else { throw .empty }
        var tape = csimdjson_tape()
        let status = csimdjson_parse(parser, bytes.assumingMemoryBound(to: UInt8.self), body.count, &tape)
        if let failure = Self.failure(status) { throw failure }
        guard let words = tape.words, let strings = tape.strings else { throw .memory }
        return Tape(words: words, wordCount: tape.word_count, strings: strings)
    }

    private static func failure(_ status: csimdjson_status) -> Failure? {
        switch status {
        case CSIMDJSON_OK: nil
        case CSIMDJSON_TOO_LARGE: .tooLarge
        case CSIMDJSON_TOO_DEEP: .tooDeep
        case CSIMDJSON_ENCODING: .encoding
        case CSIMDJSON_NUMBER: .number
        case CSIMDJSON_STRING: .string
        case CSIMDJSON_EMPTY: .empty
        case CSIMDJSON_MEMORY: .memory
        default: .syntax
        }
    }
}
