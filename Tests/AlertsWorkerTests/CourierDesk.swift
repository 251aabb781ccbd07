import FleetTesting
import Ledger
import Logging
import MailClient
import Models
import Synchronization

@testable import AlertsWorker
@testable import Fleet

/// A ledger with alerts and notices of one test's own, and couriers that send them.
struct CourierDesk: Sendable {
    let ledger: Ledger

    static func with(_ body: (CourierDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(CourierDesk(ledger: ledger))
            await ledger.close()
        }
    }

    static let began = Timestamp(microseconds: 1_700_000_000_000_000) ?? .epoch

    static func alert(_ key: String, code: String = "sku.unknown", began: Timestamp = Self.began) -> Alert {
        Alert(
            key: key, revision: 1, kind: .deadLetter, severity: .error, code: code, flow: "orders.to-erp",
            sentence: "500 orders wait: unknown product BOLT of \(key).", remedy: "Create the product in the ERP.",
            commands: ["dead-letter groups show \(key)"], count: 500, raisedAt: began, lastAt: began)
    }

    static func resolved(_ key: String) -> Alert {
        var alert = alert(key)
        (alert.state, alert.revision, alert.resolvedAt) = (.resolved, 2, Timestamp.now())
        alert.sentence = "All orders of \(key) went through."
        return alert
    }

    func save(_ alert: Alert) async throws {
        try await ledger.write { try $0.save(alert) }
    }

    func tell(
        _ key: String, _ recipient: String, _ occasion: AlertNotice.Occasion = .raised,
        channel: AlertNotice.Channel = .mail, episode: Timestamp = Self.began
    ) async throws {
        let notice = AlertNotice(
            alert: key, episode: episode.microseconds, rule: "orders", occasion: occasion, channel: channel,
            recipient: recipient, dueAt: Timestamp.now().microseconds)
        try await ledger.write { try $0.add(notice) }
    }

    /// An open alert, and a notice of it for each recipient.
    func raise(_ key: String, _ recipients: String...) async throws {
        try await save(Self.alert(key))
        for recipient in recipients { try await tell(key, recipient) }
    }

    func notices(_ key: String) async throws -> [AlertNotice] {
        try await ledger.read { try $0.notices(of: key, episode: Self.began.microseconds) }
    }

    func notice(_ key: String, for recipient: String) async throws -> AlertNotice? {
        try await notices(key).last { $0.recipient == recipient }
    }

    /// Waits until nothing is due.
    func settled() async throws {
        try await eventually("no notice to be due") { try await dueCount() == 0 }
    }

    func dueCount() async throws -> Int64 {
        try await ledger.read {
            try $0.first("SELECT count(*) FROM alert_notice WHERE state = 'due'") { $0.integer(0) } ?? 0
        }
    }

    func tries() async throws -> Int64 {
        try await ledger.read {
            try $0.first("SELECT sum(attempts) FROM alert_notice") { $0.integer(0) } ?? 0
        }
    }

    // MARK: - Couriers

    static var quick: CourierRoute.Settings {
        var settings = CourierRoute.Settings()
        settings.poll = .milliseconds(5)
        settings.schedule = CourierSchedule(first: .milliseconds(20), longest: .milliseconds(200))
        return settings
    }

    func courier(
        mail: (any AlertCarrier)? = nil, webhook: (any AlertCarrier)? = nil,
        settings: CourierRoute.Settings = Self.quick
    ) -> Courier {
        Courier(ledger: ledger, mail: mail, webhook: webhook, settings: settings, logger: Logger(label: "test"))
    }

    /// Has a courier work for the time of the body, then stops it and waits for its end.
    func working(_ courier: Courier, as holder: String = "a", _ body: () async throws -> Void) async throws {
        let running = Task { await courier.work(as: holder) }
        do {
            try await body()
            courier.stop()
            await running.value
        } catch {
            running.cancel()
            await running.value
            throw error
        }
    }

    static func mail(
        _ url: String, security: MailServer.Security = .plaintext, caFile: String? = nil,
        answerTimeout: Duration = .seconds(30)
    ) throws -> MailCarrier {
        let server = try MailServer(url: url, security: security, caFile: caFile, answerTimeout: answerTimeout)
        guard let address = MailAddress("stevedore@example.com") else { throw TestingError.missing("the sender") }
        return MailCarrier(client: try MailClient(server), from: NamedAddress(address, name: "Stevedore"))
    }
}

/// Takes letters as a test says, and remembers them.
final class ScriptedCarrier: AlertCarrier {
    private let letters = Mutex<[AlertLetter]>([])
    private let answer: @Sendable (Int) async -> AlertDelivery

    /// `answer` is given how many letters came before.
    init(_ answer: @escaping @Sendable (Int) async -> AlertDelivery) { self.answer = answer }

    var carried: [AlertLetter] { letters.withLock { $0 } }

    func newMessage() -> String { AlertMessageID.next(domain: "example.com") }

    func carry(_ letter: AlertLetter) async -> AlertDelivery {
        let number = letters.withLock { letters in
            letters.append(letter)
            return letters.count - 1
        }
        return await answer(number)
    }

    static let trouble = AlertTrouble(code: "test.down", sentence: "Nobody is there.", remedy: "Wait.")
}
