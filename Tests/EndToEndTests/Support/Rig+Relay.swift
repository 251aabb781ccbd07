import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// A store with an outbox, and what runs on it.
struct ShopOutbox {
    static let python = "/usr/bin/python3"

    let rig: Rig
    let path: String

    /// Creates the database as a store would: in WAL mode, with the table that `outbox-relay schema` prints.
    static func make(_ rig: Rig) async throws -> ShopOutbox {
        let path = rig.directory.file("shop.db")
        let schema = try await ChildProcess.run("outbox-relay", arguments: ["schema"])
        let program = """
            import sqlite3, sys
            shop = sqlite3.connect(sys.argv[1])
            shop.execute("PRAGMA journal_mode = WAL")
            shop.executescript(sys.argv[2])
            """
        try await ChildProcess.run(python, arguments: ["-c", program, path, schema])
        return ShopOutbox(rig: rig, path: path)
    }

    /// Starts a relay; `settings` are environment variables without their `STEVEDORE_`.
    func startRelay(_ settings: [String: String] = [:]) throws -> ChildProcess {
        try rig.start("outbox-relay", ["RELAY_DATABASE": path].merging(settings) { $1 })
    }

    /// A command beside it; returns what it writes.
    @discardableResult
    func relay(_ arguments: String...) async throws -> String {
        try await ChildProcess.run(
            "outbox-relay", arguments: arguments, environment: ["STEVEDORE_RELAY_DATABASE": path])
    }

    /// Writes a row for each order, in one transaction.
    func write(_ orders: [Order], as type: MessageType = Catalogue.orderPlaced) async throws {
        let rows = orders.map { order in
            (
                order: order,
                body: String(decoding: OrderMessages.message(order, as: type).body, as: UTF8.self)
            )
        }
        try await withDatabase { database in
            try await database.write { transaction in
                for row in rows {
                    try transaction.execute(
                        """
                        INSERT INTO stevedore_outbox (type, subject, revision, data)
                        VALUES (?, ?, ?, json_extract(?, '$.data'))
                        """, .text(type.name), .text(row.order.number), .integer(row.order.revision), .text(row.body))
                }
            }
        }
    }

    func execute(_ sql: String) async throws {
        try await withDatabase { database in
            _ = try await database.write { try $0.execute(text: sql) }
        }
    }

    /// The first column of every row, as text.
    func texts(_ sql: String) async throws -> [String] {
        try await withDatabase { database in
            try await database.read { try $0.query(text: sql) { $0.text(0) } }
        }
    }

    func ids() async throws -> [String] { try await texts("SELECT message_id FROM stevedore_outbox ORDER BY id") }

    /// How many rows are neither sent nor refused.
    func waiting() async throws -> Int {
        try await texts("SELECT id FROM stevedore_outbox WHERE sent_at IS NULL AND refused_code IS NULL").count
    }

    func waitUntilSent(within limit: Duration = .seconds(60)) async throws {
        try await eventually(within: limit, "all rows to be sent") { try await waiting() == 0 }
    }

    /// What is in the queue of orders: id, subject and revision of each message, in its order.
    func queued() async throws -> [QueuedMessage] {
        try await rig.peek("orders.to-erp").map { delivery in
            let properties = delivery.properties
            return QueuedMessage(
                id: properties.messageID ?? "", subject: properties.headers["cloudEvents_subject"]?.text ?? "",
                revision: properties.headers["cloudEvents_revision"]?.integer ?? 0)
        }
    }

    private func withDatabase<Value>(_ body: (GuestDatabase) async throws -> Value) async throws -> Value {
        let database = try GuestDatabase.open(path: path, patience: .seconds(30))
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }
}

/// A message as it lies in a queue.
struct QueuedMessage: Hashable, Sendable {
    var id: String
    var subject: String
    var revision: Int64
}

extension [QueuedMessage] {
    /// The revisions of each subject in the order in which they came first.
    var firstRevisions: [String: [Int64]] {
        var seen: Set<QueuedMessage> = []
        var revisions: [String: [Int64]] = [:]
        for message in self where seen.insert(message).inserted {
            revisions[message.subject, default: []].append(message.revision)
        }
        return revisions
    }
}

extension Trait where Self == ConditionTrait {
    /// The test is skipped, with that reason, when a module of Python is missing.
    static func needsPython(_ module: String) -> Self {
        .enabled("needs Python's module \(module): scripts/setup installs it") {
            (try? await ChildProcess.run(ShopOutbox.python, arguments: ["-c", "import \(module)"])) != nil
        }
    }
}
