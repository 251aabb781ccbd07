/// The original body of a message, byte for byte, with the properties it came with.
public struct StoredPayload: Hashable, Sendable {
    /// The message's id.
    public var id: String
    /// The body as it arrived.
    public var body: [UInt8]
    /// Content type, headers and whatever else is worth keeping.
    public var properties: [String: String]
    /// When it was stored.
    public var storedAt: Int64
}

extension LedgerTransaction {
    /// Keeps a body. The first one stored under an id stays; returns whether this was it.
    @discardableResult
    public func storePayload(
        id: String, body: UnsafeRawBufferPointer, properties: [String: String] = [:], at: Int64
    ) throws(LedgerError) -> Bool {
        let compressed = compressor.compress(body)
        let pairs = properties.isEmpty ? "" : TextPairs.encode(properties)
        let changed = try connection.run(
            """
            INSERT INTO payload (id, stored_at, size, compressed, properties, body) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        ) { bind in
            bind.text(id)
            bind.integer(at)
            bind.integer(Int64(body.count))
            bind.integer(compressed == nil ? 0 : 1)
            bind.text(pairs)
            if let compressed { compressed.withUnsafeBytes { bind.blob($0) } } else { bind.blob(body) }
        }
        return changed == 1
    }

    /// Keeps a body. The first one stored under an id stays; returns whether this was it.
    @discardableResult
    public func storePayload(
        id: String, body: [UInt8], properties: [String: String] = [:], at: Int64
    ) throws(LedgerError) -> Bool {
        try body.withUnsafeBufferPointer { (bytes) throws(LedgerError) in
            try storePayload(id: id, body: UnsafeRawBufferPointer(bytes), properties: properties, at: at)
        }
    }

    /// Keeps a body, also when another one is known under its message's id: two different messages with one id are two to
    /// whoever looks into them. What is said of it anew replaces what was said before. Returns the id under which this body
    /// is kept.
    public func storeBody(
        id: String, body: UnsafeRawBufferPointer, properties: [String: String] = [:], at: Int64
    ) throws(LedgerError) -> String {
        if try keep(id, body, properties, at) { return id }
        // Named by what it holds, so that a producer who gives all messages one id costs one look each.
        var number = Self.fingerprint(body)
        while true {
            let name = "\(id)#\(number)"
            if try keep(name, body, properties, at) { return name }
            number &+= 1
        }
    }

    /// False when another body is kept under that id.
    private func keep(
        _ id: String, _ body: UnsafeRawBufferPointer, _ properties: [String: String], _ at: Int64
    ) throws(LedgerError) -> Bool {
        if try storePayload(id: id, body: body, properties: properties, at: at) { return true }
        guard holds(id, body) else { return false }
        guard !properties.isEmpty else { return true }
        _ = try connection.run("UPDATE payload SET properties = ? WHERE id = ?") { bind in
            bind.text(TextPairs.encode(properties))
            bind.text(id)
        }
        return true
    }

    /// FNV-1a in 64 bits: equal bodies, equal numbers; whoever has the number compares.
    private static func fingerprint(_ body: UnsafeRawBufferPointer) -> UInt64 {
        body.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Whether this very body is kept under an id; one that cannot be read is another one.
    private func holds(_ id: String, _ body: UnsafeRawBufferPointer) -> Bool {
        guard let kept = try? payload(id: id)?.body, kept.count == body.count else { return false }
        return kept.elementsEqual(body)
    }
}

extension LedgerSnapshot {
    /// The body stored under an id.
    public final func payload(id: String) throws(LedgerError) -> StoredPayload? {
        let path = connection.path
        return try connection.first(
            "SELECT stored_at, size, compressed, properties, body FROM payload WHERE id = ?",
            { $0.text(id) },
            row: { (row) throws(LedgerError) in
                let size = Int(row.integer(1))
                let body = row.withBlob(4) { bytes in
                    row.integer(2) == 0 ? [UInt8](bytes) : BodyCompressor.expand(bytes, size: size)
                }
                guard let body else { throw .corrupt(path: path, detail: "the stored body of \(id) is unreadable") }
                return StoredPayload(
                    id: id, body: body, properties: TextPairs.decode(row.text(3)), storedAt: row.integer(0))
            })
    }
}
