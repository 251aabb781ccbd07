import FleetTesting
import Glibc
import Ledger
import Models
import Testing

@testable import OutboxRelay

/// A store's database with an outbox, and the store that writes into it over a connection of its own.
struct ShopDatabase: Sendable {
    let path: String
    let shop: GuestDatabase

    /// Lends a new one for the time of the body.
    static func with<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: (ShopDatabase) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory()
        let path = try makeEmptyFile(directory.file("shop.db"))
        let shop = try GuestDatabase.open(path: path)
        try await shop.write { transaction in
            for statement in OutboxTable.statements { try transaction.execute(text: statement) }
        }
        let result = try await body(ShopDatabase(path: path, shop: shop))
        await shop.close()
        withExtendedLifetime(directory) {}
        return result
    }

    /// To SQLite, a database without tables.
    static func makeEmptyFile(_ path: String) throws -> String {
        let file = try #require(fopen(path, "w"))
        fclose(file)
        return path
    }

    /// What a store writes.
    struct Row: Sendable {
        var type: String
        var subject: String
        var revision: Int64
        var data: String

        init(_ payload: some Payload, as type: MessageType) throws {
            (self.type, subject, revision) = (type.name, payload.subject, payload.revision)
            data = try ShopOrders.data(payload, as: type)
        }
    }

    /// Writes a row for each order, in one transaction.
    func write(_ orders: [Order], as type: MessageType = Catalogue.orderPlaced) async throws {
        try await write(try orders.map { try Row($0, as: type) })
    }

    /// Writes all rows in one transaction.
    func write(_ rows: [Row]) async throws {
        try await shop.write { transaction in
            for row in rows {
                try transaction.execute(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES (?, ?, ?, ?)",
                    .text(row.type), .text(row.subject), .integer(row.revision), .text(row.data))
            }
        }
    }

    func execute(_ sql: String) async throws {
        _ = try await shop.write { try $0.execute(text: sql) }
    }

    /// The first column of every row, as text.
    func texts(_ sql: String) async throws -> [String] {
        try await shop.read { try $0.query(text: sql) { $0.text(0) } }
    }

    /// The ids of messages that are marked as sent, in the order in which they were written.
    func sent() async throws -> [String] {
        try await texts("SELECT message_id FROM stevedore_outbox WHERE sent_at IS NOT NULL ORDER BY id")
    }

    func all() async throws -> [String] { try await texts("SELECT message_id FROM stevedore_outbox ORDER BY id") }
}
