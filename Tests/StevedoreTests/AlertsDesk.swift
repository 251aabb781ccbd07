import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// A ledger in which a test lets alerts happen, and looks at them as an operator does; it is 12 o'clock.
struct AlertsDesk: Sendable {
    let ledger: Ledger

    static func with(_ body: (AlertsDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(AlertsDesk(ledger: ledger))
            await ledger.close()
        }
    }

    static func time(_ clock: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: "2026-03-10T\(clock)Z"))
    }

    static func at(_ clock: String) throws -> Int64 { try time(clock).microseconds }

    static func alert(
        _ key: String, severity: Alert.Severity = .error, raised: String = "11:00:00", resolved: String? = nil
    ) throws -> Alert {
        Alert(
            key: key, revision: 1, state: resolved == nil ? .open : .resolved, kind: .deadLetter, severity: severity,
            code: "sku.unknown", category: "rejected", flow: "orders.to-erp", sentence: "12 orders wait.",
            remedy: "Create the product.", commands: ["dead-letter groups"], count: 12, accounts: ["C-2044"],
            atStake: [try #require(AlertStake("18450.20 USD"))], raisedAt: try time(raised), lastAt: try time(raised),
            resolvedAt: try resolved.map { try time($0) })
    }

    static func notice(
        _ key: String, _ occasion: AlertNotice.Occasion = .raised, _ state: AlertNotice.State = .due,
        to recipient: String = "anna@example.com", due: String = "12:05:00", attempts: Int64 = 0, reason: String? = nil
    ) throws -> AlertNotice {
        AlertNotice(
            alert: key, episode: try at("11:00:00"), rule: "purchasing", occasion: occasion, channel: .mail,
            recipient: recipient, dueAt: try at(due), state: state, attempts: attempts, reason: reason)
    }

    func happen(_ alerts: [Alert], _ notices: [AlertNotice] = []) async throws {
        try await ledger.write { transaction in
            for alert in alerts { try transaction.save(alert) }
            for notice in notices { try transaction.add(notice) }
        }
    }

    func rows(
        _ state: Alert.State? = .open, atLeast severity: Alert.Severity? = nil, limit: Int = 100
    ) async throws -> [AlertRow] {
        try await ledger.read { try $0.alertRows(state, atLeast: severity, limit: limit) }
    }

    /// What the list says of whom has been told of the only alert.
    func told() async throws -> String? {
        let now = try Self.at("12:00:00")
        return try await rows().first?.told(now: now)
    }

    /// The refusal's code; `ok` when there is none.
    func code(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async -> String {
        do {
            try await ledger.write(body)
            return "ok"
        } catch {
            return (error as? ProgramError)?.code ?? "\(error)"
        }
    }
}
