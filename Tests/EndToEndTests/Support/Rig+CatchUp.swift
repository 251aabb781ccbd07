import FleetTesting
import Ledger
import Models
import RabbitMQ

/// What a store sends while its ERP is away: plain orders, some that it cancels again, and some that it changes three
/// times.
struct StoreBacklog {
    let plain = (0..<20).map { "plain-\($0)" }
    let cancelled = (0..<10).map { "gone-\($0)" }
    let amended = (0..<10).map { "changed-\($0)" }

    /// Each order at the revision at which it ends.
    var revisions: [String: Int64] {
        let ends = plain.map { ($0, Int64(1)) } + cancelled.map { ($0, Int64(2)) } + amended.map { ($0, Int64(4)) }
        return Dictionary(ends) { first, _ in first }
    }

    /// In rounds, as a store sends them: all orders first, then one change after the other.
    func messages() throws -> [OutgoingMessage] {
        var messages = try (plain + cancelled + amended).map { OrderMessages.message(try OrderMessages.order($0)) }
        for revision in Int64(2)...4 {
            messages += try amended.map { number in
                let order = try OrderMessages.order(number, revision: revision, quantity: revision + 1)
                return OrderMessages.message(order, as: Catalogue.orderAmended)
            }
        }
        messages += try cancelled.map { number in
            OrderMessages.message(try OrderMessages.order(number, revision: 2), as: Catalogue.orderCancelled)
        }
        return messages
    }
}

extension Rig {
    /// Waits until the flow that only looks on has noted so many orders that nobody has brought to the ERP yet.
    func waitUntilNoted(_ count: Int) async throws {
        try await eventually(within: .seconds(60), "\(count) orders to be noted") {
            try await lastWords() == Int64(count)
        }
    }

    /// Waits until everything that was noted has waited for so long.
    func waitUntilLastWordsAreOld(_ age: Duration) async throws {
        try await eventually(within: age + .seconds(30), "the newest word to be \(age) old") {
            let newest = try await ledger { try $0.first("SELECT max(noted_at) FROM last_word") { $0.integer(0) } }
            return Timestamp.now().microseconds - (newest ?? .max) > Int64(age / .microseconds(1))
        }
    }

    /// How many orders have a newest revision that has not been applied.
    func lastWords() async throws -> Int64? {
        try await ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM last_word") { $0.integer(0) }
        }
    }

    /// The requests that reached the ERP's books, by the order that they name.
    func callsByOrder() async throws -> [String: [SimulatorAudit.Entry]] {
        let requests = try await simulator.requests().filter(\.reachedBooks)
        return Dictionary(grouping: requests) { $0.storeNumber ?? $0.path }
    }

    /// What the store shows as ordered, line by line.
    func orderedQuantities(_ number: String) async throws -> [String] {
        try await ledger { snapshot in
            try snapshot.query(
                "SELECT ordered FROM store_order_line WHERE number = ? AND origin = 'online' ORDER BY position",
                .text(number)
            ) { $0.text(0) }
        }
    }

    /// What of these orders the store would not promise to others, and what their accounts owe for them.
    func claims(_ numbers: [String]) async throws -> Int64 {
        try await ledger { snapshot in
            try numbers.reduce(0) { sum, number in
                let rows = try snapshot.first(
                    """
                    SELECT (SELECT count(*) FROM store_demand WHERE number = ?1)
                        + (SELECT count(*) FROM store_order WHERE number = ?1 AND owed_micro IS NOT NULL)
                    """, .text(number)
                ) { $0.integer(0) }
                return sum + (rows ?? 0)
            }
        }
    }
}
