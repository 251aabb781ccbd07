import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// A virtual host with chosen letters in it, a ledger's place with nothing there, and the program `dead-letter`.
struct ExportDesk: Sendable {
    static let queue = "orders.to-erp.dead"

    let host: VirtualHost
    let broker: BrokerConfiguration
    private let folder: TemporaryDirectory

    static func with(_ messages: [OutgoingMessage], _ body: (ExportDesk) async throws -> Void) async throws {
        try await TestBroker.withVirtualHost { host in
            let desk = ExportDesk(
                host: host, broker: try BrokerConfiguration(urls: [host.url]), folder: try TemporaryDirectory())
            let admin = try BrokerAdmin(configuration: desk.broker)
            try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
            await admin.close()
            try await desk.publish(messages)
            try await body(desk)
        }
    }

    /// Letters as workers write them, that failed one after the other, in June 2025.
    static func letters(_ numbers: Range<Int>) throws -> [OutgoingMessage] {
        try numbers.map { try letter($0) }
    }

    static func letter(
        _ number: Int, _ more: FieldTable = FieldTable(), body: [UInt8]? = nil
    ) throws -> OutgoingMessage {
        let time = try #require(Timestamp(microseconds: 1_750_000_000_000_000 + Int64(number) * 1_000_001))
        let headers: FieldTable = [
            "stevedore-code": "rejected.unknown-sku", "stevedore-category": "rejected", "stevedore-attempt": 2,
            "stevedore-sentence": "The ERP does not know X.", "stevedore-fingerprint": "f1",
            "stevedore-first-failed-at": .string(time.description),
            "stevedore-last-failed-at": .string(time.description),
        ]
        return OutgoingMessage(
            exchange: FleetTopology.deadExchange, routingKey: queue,
            properties: MessageProperties(
                contentType: "application/cloudevents+json", headers: FieldTable(headers.entries + more.entries),
                messageID: "letter-\(number)"),
            body: try body ?? Letters.order("SO-\(number)", id: "letter-\(number)"))
    }

    func file(_ name: String) -> String { folder.file(name) }

    /// Opens the ledger, creating it if need be, for the time of the body.
    func withLedger<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws -> Value {
        let ledger = try Ledger.open(path: file("ledger.db"))
        let value = try await ledger.write(body)
        await ledger.close()
        return value
    }

    /// Runs the program to its end; what it wrote to standard output.
    func run(_ arguments: [String]) async throws -> String {
        try await ChildProcess.run("dead-letter", arguments: arguments, environment: environment)
    }

    func start(_ arguments: [String], _ more: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess("dead-letter", arguments: arguments, environment: environment.merging(more) { $1 })
    }

    func publish(_ messages: [OutgoingMessage]) async throws {
        let publisher = try Publisher(configuration: broker)
        try await publisher.start()
        let outcomes = await publisher.publish(messages)
        await publisher.close()
        #expect(outcomes.allSatisfy { $0 == .confirmed })
    }

    func purge() async throws {
        try await host.waitForDepth(of: Self.queue) { $0.unacknowledged == 0 }
        let admin = try BrokerAdmin(configuration: broker)
        try await admin.purge(queue: Self.queue)
        await admin.close()
    }

    /// Takes everything off the queue, in order.
    func take() async throws -> [Delivery] {
        try await host.waitForDepth(of: Self.queue) { $0.unacknowledged == 0 }
        let admin = try BrokerAdmin(configuration: broker)
        var found: [Delivery] = []
        while let delivery = try await admin.get(queue: Self.queue) {
            found.append(delivery)
            try await admin.settle([.ack(delivery.tag)])
        }
        await admin.close()
        return found
    }

    func ids() async throws -> [String] { try await take().map { $0.properties.messageID ?? "" } }

    private var environment: [String: String] {
        ["STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": file("ledger.db")]
    }
}

/// Bodies and headers that ordinary carriers spoil.
enum Hostile {
    static let bodies: [[UInt8]] = [
        [], [0], Array("a\0b".utf8), Array("line\r\nline\n\rline\u{2028}\u{2029}\u{85}".utf8),
        Array("\u{FEFF}{\"a\":1.10}\u{FEFF}".utf8), [0xFF, 0xFE, 0x00], [0xC3, 0x28], [0xED, 0xA0, 0x80],
        Array("\u{1F600}\\\"/\u{7F}\u{1B}[2J e\u{301} \u{E9}".utf8), Array(0...255),
        Array(repeating: 0x22, count: (1 << 20) + 1),
    ]

    /// All that a broker carries.
    static let headers = FieldTable([
        ("true", .boolean(true)), ("i8", .int8(-128)), ("u8", .uint8(255)), ("i16", .int16(-32_768)),
        ("u16", .uint16(65_535)), ("i32", .int32(.min)), ("u32", .uint32(.max)), ("i64", .int64(.min)),
        ("exact", .int64(1 << 53)), ("beyond", .int64(1 << 53 + 1)), ("time", .timestamp(.max)),
        ("float", .float(0.1)), ("double", .double(-0.0)), ("tiny", .double(.leastNonzeroMagnitude)),
        ("price", .decimal(scale: 2, value: 1_999)),
        ("bytes", .bytes([0, 255, 10])), ("empty", .string("")), ("text", .string("\u{0}\r\n\u{2028}\u{FEFF}e\u{301}")),
        ("void", .void), ("list", .array([.void, .array([]), .table(FieldTable([("int8", .int8(1))]))])),
        ("table", .table(FieldTable([("twice", .int16(1)), ("twice", .string("2")), ("in", .table(FieldTable()))]))),
    ])

    /// What AMQP has a form for, but RabbitMQ refuses.
    static let numbers = FieldTable([
        ("endless", .double(.infinity)), ("none", .double(Double(bitPattern: 0x7FF8_0000_0000_0001))),
        ("small", .float(-.infinity)), ("small none", .float(Float(bitPattern: 0x7FC0_0001))),
    ])

    /// What a table is, byte by byte: no text that only looks alike passes for another.
    static func text(_ table: FieldTable) -> String {
        table.entries.map { "\(Array($0.name.utf8)): \(text($0.value))" }.joined(separator: "\n")
    }

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .string(let text): "string \(Array(text.utf8))"
        case .float(let number): "float \(number.bitPattern)"
        case .double(let number): "double \(number.bitPattern)"
        case .table(let table): "table (\(text(table)))"
        case .array(let values): "array (\(values.map { text($0) }))"
        default: "\(value)"
        }
    }
}

extension ChildProcess {
    /// Whether a line on standard error holds the text.
    func hasSaid(_ text: String) -> Bool { errors.contains { $0.contains(text) } }
}
