/// What makes an answer, or a part of it, unusable: the place, and what is wrong there.
struct WireFault: Error, Hashable, CustomStringConvertible {
    /// Like `lines/0/sku`; empty for the whole.
    var path: String
    /// A predicate, like "is missing".
    var says: String

    init(_ path: String, _ says: String) {
        self.path = path
        self.says = says
    }

    init(_ error: any Error) {
        switch error {
        case DecodingError.keyNotFound(let key, let context): self.init(context.codingPath + [key], "is missing")
        case DecodingError.valueNotFound(_, let context): self.init(context.codingPath, "is null")
        case DecodingError.typeMismatch(_, let context): self.init(context.codingPath, "has the wrong type")
        case DecodingError.dataCorrupted(let context):
            self.init(context.codingPath, "is not the JSON that was asked for")
        default: self.init("", "is not the JSON that was asked for")
        }
    }

    private init(_ path: [any CodingKey], _ says: String) {
        self.init(String(Self.place(path).prefix(200)), says)
    }

    /// The place that a decoder is at.
    static func place(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
    }

    /// The same fault with its place below `row`, when it is there: wherever the row stands, it says the same.
    func seen(from row: String) -> WireFault {
        guard path == row || path.hasPrefix(row + "/") else { return self }
        return WireFault(String(path.dropFirst(row.count + 1)), says)
    }

    var description: String { path.isEmpty ? "it \(says)" : "\(path) \(says)" }
}

/// A part of a document that may be unreadable by itself, without taking the rest with it.
struct Part<Value: Decodable>: Decodable {
    var result: Result<Value, WireFault>

    init(from decoder: any Decoder) {
        do {
            result = .success(try Value(from: decoder))
        } catch {
            result = .failure(WireFault(error))
        }
    }

    /// Nil when it is unreadable.
    var value: Value? { try? result.get() }
}
