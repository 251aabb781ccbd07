/// Turns bodies into messages that keep their contract, or says everything that is wrong with them.
///
/// Holds the parser's buffers, so keep one and use it again; it belongs to one thread at a time. Nothing that a body
/// contains can trap, and time and memory are bounded by the ``Limits``.
public final class MessageReader {
    /// What is refused before it is looked into.
    public struct Limits: Sendable {
        /// The largest body, in bytes.
        public var bytes: Int
        /// The deepest nesting of arrays and objects that are not empty.
        public var depth: Int

        /// One mebibyte and 64 levels unless said otherwise.
        public init(bytes: Int = 1 << 20, depth: Int = 64) {
            // Beyond 16 MiB no broker carries a message, and the tape no longer counts members exactly.
            self.bytes = min(max(bytes, 1), 1 << 24)
            self.depth = min(max(depth, 1), 256)
        }
    }

    private let limits: Limits
    private let parser: JSONParser
    private let digest = SHA256()
    private var canonical = CanonicalForm()

    /// A reader with these limits.
    public init(limits: Limits = Limits()) {
        self.limits = limits
        // Binary mode wraps the body in its attributes, which one frame of headers bounds, escapes and all.
        parser = JSONParser(maximumBytes: limits.bytes + (1 << 20), maximumDepth: limits.depth)
    }

    /// Reads one body, in structured or binary mode as `message` says. The body is not kept.
    public func read(
        _ body: UnsafeRawBufferPointer, _ message: IncomingMessage = IncomingMessage()
    ) throws(ContractError) -> Received {
        var refusal = Refusal(message)
        try refusal.checkEncoding(of: body, limit: limits.bytes)
        try refusal.learnMode()
        guard refusal.isBinary else { return try readStructured(body, refusal) }
        _ = try parse(body, refusal)
        return try refusal.structuredBody(around: body).withUnsafeBufferPointer { body throws(ContractError) in
            try readStructured(UnsafeRawBufferPointer(body), refusal)
        }
    }

    /// Reads one body, in structured or binary mode as `message` says.
    public func read(
        _ body: [UInt8], _ message: IncomingMessage = IncomingMessage()
    ) throws(ContractError) -> Received {
        try body.withUnsafeBufferPointer { body throws(ContractError) in
            try read(UnsafeRawBufferPointer(body), message)
        }
    }

    private func parse(_ body: UnsafeRawBufferPointer, _ refusal: Refusal) throws(ContractError) -> Tape {
        do throws(JSONParser.Failure) {
            return try parser.parse(body)
        } catch {
            throw refusal.error(error, limits, body)
        }
    }

    private func readStructured(_ body: UnsafeRawBufferPointer, _ refusal: Refusal) throws(ContractError) -> Received {
        let tape = try parse(body, refusal)
        var refusal = refusal
        try refusal.know(tape)
        let (type, data) = (tape.member("type", of: Tape.root), tape.member("data", of: Tape.root))
        canonical.fill(with: type, data, of: tape, bodyBytes: body.count)
        if let duplicate = canonical.duplicate { throw refusal.duplicateKey(duplicate, tape) }
        try refusal.checkSpecVersion(tape)
        let found = try refusal.type(tape, at: type)
        return try decode(found.payload, found, tape, refusal)
    }

    private func decode<Body: ContractPayload>(
        _: Body.Type, _ type: MessageType, _ tape: Tape, _ refusal: Refusal
    ) throws(ContractError) -> Received {
        var (envelope, data) = (Envelope.blank, Body.blank)
        let faults = envelope.read(tape, with: &data)
        guard faults.isEmpty else { throw refusal.faults(faults, type) }
        guard let hash = digest.prefix(of: canonical.contents) else {
            throw refusal.error(
                .unable, "The message cannot be told from others: libcrypto has no memory, or no SHA-256.")
        }
        return Received(envelope: envelope, type: type, payload: data, contentHash: hash)
    }
}
