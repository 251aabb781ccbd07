import Fleet
import Models
import RabbitMQ

/// Messages that break the contract, each with the code it must be refused with.
struct BadMessage {
    var name: String
    var code: String
    var message: OutgoingMessage

    init(_ name: String, _ code: String, _ body: [UInt8], change: (inout OutgoingMessage) -> Void = { _ in }) {
        self.name = name
        self.code = code
        message = OrderMessages.raw(body, id: name)
        change(&message)
    }

    init(_ name: String, _ code: String, _ text: String, change: (inout OutgoingMessage) -> Void = { _ in }) {
        self.init(name, code, Array(text.utf8), change: change)
    }

    /// What is no JSON, no UTF-8, or too much.
    static func bodies() throws -> [BadMessage] {
        let order = try valid("unread")
        let whole = order.body
        return [
            .init("empty", "malformed.json", ""), .init("null", "malformed.envelope", "null"),
            .init("array", "malformed.envelope", "[]"), .init("text", "malformed.json", "order 4711, please"),
            .init("half", "malformed.json", Array(whole.prefix(whole.count / 2))),
            .init("trailing", "malformed.json", whole + Array("{}".utf8)),
            .init("invalid UTF-8", "malformed.encoding", order.replacing("Northwind", [0x4E, 0xFF, 0xFE])),
            .init("UTF-16", "malformed.encoding", whole.flatMap { [$0, 0] }),
            .init("byte order mark", "malformed.encoding", [0xEF, 0xBB, 0xBF] + whole),
            .init("NUL", "malformed.json", order.replacing("Northwind", [0x4E, 0, 0x6F])),
            .init("escaped NUL", "malformed.json", order.replacing("Northwind", "North\\u0000wind")),
            .init("half a surrogate pair", "malformed.json", order.replacing("Northwind", "North\\ud800wind")),
            .init(
                "deep", "malformed.too-deep",
                String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)),
            .init("long number", "malformed.json", "{\"n\":" + String(repeating: "9", count: 500_000) + "}"),
            .init("1e400", "malformed.json", order.replacing("\"quantity\":\"2\"", "\"quantity\":1e400")),
            .init("NaN", "malformed.json", order.replacing("\"quantity\":\"2\"", "\"quantity\":NaN")),
            .init(
                "key twice", "malformed.json",
                order.replacing("\"quantity\":\"2\"", "\"quantity\":\"2\",\"quantity\":\"3\"")),
            .init("many keys", "malformed.too-large", manyKeys),
            .init("too large", "malformed.too-large", whole + [UInt8](repeating: 32, count: 2 << 20)),
        ]
    }

    /// What is JSON, but no CloudEvent that is known here.
    static func envelopes() throws -> [BadMessage] {
        let order = try valid("unknown")
        let whole = order.body
        return [
            .init("no id", "malformed.envelope", order.replacing("\"id\":", "\"di\":")),
            .init("no subject", "malformed.envelope", order.replacing("\"subject\":", "\"sub\":")),
            .init(
                "no number for a revision", "malformed.envelope",
                order.replacing("\"revision\":1", "\"revision\":\"one\"")),
            .init("version 0.3", "unsupported.spec-version", order.replacing("\"1.0\"", "\"0.3\"")),
            .init("unknown type", "unsupported.type", order.replacing("order.placed.v1", "order.eaten.v1")),
            .init("newer version", "unsupported.version", order.replacing("order.placed.v1", "order.placed.v2")),
            .init("XML", "malformed.content-type", whole) { $0.properties.contentType = "application/xml" },
            .init("gzip", "malformed.encoding", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
            .init("gzip encoding", "malformed.encoding", whole) { $0.properties.contentEncoding = "gzip" },
            .init("other charset", "malformed.encoding", whole) {
                $0.properties.contentType = "application/cloudevents+json; charset=utf-16"
            },
        ]
    }

    /// A CloudEvent whose fields break the contract, with the pointers that have to be named.
    static func fields() throws -> [(BadMessage, pointers: [String])] {
        let order = try valid("faulty")
        let several = order.replacing("\"quantity\":\"2\"", "\"quantity\":\"1,5\"")
            .replacing("\"country\":\"US\"", "\"country\":\"XX\"").replacing(
                "\"currency\":\"USD\"", "\"currency\":\"usd\"")
        return [
            (
                .init("comma", "malformed.field", order.replacing("\"quantity\":\"2\"", "\"quantity\":\"1,5\"")),
                ["/data/lines/0/quantity"]
            ),
            (
                .init("binary number", "malformed.field", order.replacing("\"quantity\":\"2\"", "\"quantity\":2")),
                ["/data/lines/0/quantity"]
            ),
            (
                .init("wrong total", "malformed.field", order.replacing("\"total\":\"8.00\"", "\"total\":\"8.01\"")),
                ["/data/totals"]
            ),
            (
                .init("several", "malformed.field", several),
                ["/data/lines/0/quantity", "/data/shipTo/country", "/data/currency"]
            ),
        ]
    }

    private static func valid(_ number: String) throws -> OutgoingMessage {
        OrderMessages.message(try OrderMessages.order(number))
    }

    private static var manyKeys: String {
        "{" + (0..<1_000_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }
}

extension OutgoingMessage {
    /// The body with a text replaced, which has to be there.
    func replacing(_ old: String, _ new: String) -> [UInt8] { body.replacing(old, Array(new.utf8)) }

    func replacing(_ old: String, _ new: [UInt8]) -> [UInt8] { body.replacing(old, new) }
}

extension [UInt8] {
    func replacing(_ old: String, _ new: String) -> [UInt8] { replacing(old, Array(new.utf8)) }

    func replacing(_ old: String, _ new: [UInt8]) -> [UInt8] {
        precondition(firstRange(of: Array(old.utf8)) != nil, "the message holds no \(old)")
        return replacing(Array(old.utf8), with: new)
    }
}
