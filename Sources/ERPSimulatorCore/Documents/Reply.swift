import FoundationEssentials

/// What a request is answered with and what it did, before any fault gets at it.
struct Reply {
    /// What became of a request; audited.
    enum Effect: String, Codable, Sendable, CaseIterable {
        case created, repeated, amended, cancelled, tombstoned
        case superseded, exists, unknown, rejected, declined, conflict
        case tooLate = "too-late"
        case found, listed, pinged, quoted, moved, refused, none
    }

    var status: Int
    var contentType = "application/json"
    var body: [UInt8]
    var effect: Effect
    var erpNumber: String?

    /// A document.
    static func json(_ value: some Encodable, status: Int = 200, effect: Effect = .none) -> Reply {
        Reply(status: status, body: JSON.encode(value), effect: effect)
    }

    /// An order.
    static func order(_ order: StandingOrder, status: Int = 200, effect: Effect) -> Reply {
        Reply(status: status, body: JSON.encode(order), effect: effect, erpNumber: order.erpNumber)
    }

    /// A refusal.
    static func problem(_ problem: Problem, effect: Effect) -> Reply {
        Reply(
            status: problem.status, contentType: "application/problem+json", body: JSON.encode(problem),
            effect: effect, erpNumber: problem.order?.erpNumber)
    }
}

/// The one JSON dialect of the simulator: keys sorted, slashes plain, so that equal values are equal texts.
enum JSON {
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings, integers, booleans and containers of them can not fail to encode.
        return (try? encoder.encode(value)).map(Array.init) ?? Array("null".utf8)
    }

    static func text(_ value: some Encodable) -> String {
        String(decoding: encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
