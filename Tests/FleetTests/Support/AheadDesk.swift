import FleetTesting
import Ledger
import Models
import RabbitMQ

@testable import Fleet

/// Orders that wait in a queue which no test has: the ledger knows them, as a flow that only looks on has noted them.
struct AheadDesk {
    private static let limits = HoldLimits(turn: .seconds(5), ahead: .milliseconds(10))
    private static let second: Int64 = 1_000_000

    let ledger: Ledger
    private let called = Shared<[String]>([])

    init(_ ledger: Ledger) { self.ledger = ledger }

    /// What the system was called for, in that order.
    var calls: [String] { called.withLock { $0 } }

    /// Notes an order so many seconds ago; returns its message.
    @discardableResult
    func note(_ number: String, rank: Int = 3, age: Int64 = 60) async throws -> [UInt8] {
        let body = try Samples.orderBody(number)
        try await note(body, observed: body, rank: rank, age: age)
        return body
    }

    /// Notes an order that is kept with another content than was seen; returns its message.
    func message(_ number: String, observed: [UInt8]? = nil) async throws -> Received {
        let body = try Samples.orderBody(number)
        try await note(body, observed: observed ?? body, rank: 3, age: 60)
        return try MessageReader().read(body)
    }

    private func note(_ body: [UInt8], observed: [UInt8], rank: Int, age: Int64) async throws {
        let (message, seen) = (try MessageReader().read(body), try MessageReader().read(observed))
        try await ledger.write { transaction in
            let now = Timestamp.now().microseconds - age * Self.second
            let key = seen.claimKey(observedIn: Catalogue.takenOrders)
            _ = try transaction.claimAndComplete(key, holder: "w-1", now: now)
            try transaction.observe(Samples.intake(body), message, now: now)
            try transaction.noteLastWord(message, isCancelled: false, urgency: Urgency(rank: rank), at: now)
        }
    }

    /// A worker that looks for such orders a hundred times a second. `urgency` is that of what is delivered to it.
    func rig(
        worker: String = "w-1", urgency: Urgency = .none, isThere: Shared<Bool> = Shared(true),
        waiting: Duration = HoldLimits().waiting,
        answer: @escaping @Sendable (String) async -> CallAnswer = { _ in CallRig.applied }
    ) -> CallRig {
        var limits = Self.limits
        limits.waiting = waiting
        return CallRig(
            ledger, limits: limits, worker: worker, urgency: { _ in urgency },
            reach: { isThere.withLock { $0 } ? .reachable : .unreachable(CallRig.outage) },
            script: { [called] message, _ in
                called.withLock { $0.append(message.envelope.subject) }
                return await answer(message.envelope.subject)
            })
    }

    /// The same; nothing that it is called for is answered before the gate opens.
    func rig(urgency: Urgency = .none, answeringAfter gate: Latch<Void>) -> CallRig {
        rig(urgency: urgency) { _ in
            await gate.wait()
            return CallRig.applied
        }
    }

    // MARK: - What befalls them

    /// It was noted a minute earlier than it was.
    func age(_ number: String) async throws {
        let minute = 60 * Self.second
        try await ledger.write { transaction in
            _ = try transaction.execute(
                "UPDATE last_word SET noted_at = noted_at - ? WHERE subject = ?", .integer(minute), .text(number))
        }
    }

    /// Another worker has it in hand.
    func take(_ number: String) async throws {
        let key = try MessageReader().read(try Samples.orderBody(number)).claimKey
        try await ledger.write { transaction in
            _ = try transaction.claim(
                key, holder: "w-9", lease: .seconds(60), now: Timestamp.now().microseconds)
        }
    }

    /// It has a dead letter.
    func setAside(_ number: String, as state: DeadLetterState) async throws {
        let letter = DeadLetterRecord(
            id: "m-\(number)", queue: "orders.to-erp.dead", flow: Samples.queue, type: Catalogue.orderPlaced.name,
            subject: number, revision: 1, code: "c", category: "rejected", sentence: "s", fingerprint: "f", attempts: 1,
            firstFailedAt: 1, lastFailedAt: 1, state: state)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    // MARK: - What is left

    /// Which may be called for before their turn, the first of them first.
    func listed() async throws -> [String] {
        let until = Timestamp.now().microseconds - 5 * Self.second
        return try await ledger.read { snapshot in
            try snapshot.pressing(family: "order", flow: Samples.queue, notedUntil: until, limit: 99).map(\.subject)
        }
    }

    func mayGoAhead(_ message: Received) async throws -> Bool {
        try await ledger.write { try $0.mayGoAhead(message, known: nil) }
    }

    func waitUntilApplied(_ number: String) async throws {
        try await eventually("\(number) to be applied") {
            try await ledger.read { try $0.subjectState(family: "order", subject: number)?.revision == 1 }
        }
    }

    func appliedCount() async throws -> Int {
        try await ledger.read { snapshot in
            let sql: StaticString = "SELECT count(*) FROM subject_state WHERE family = 'order' AND revision = 1"
            return Int(try snapshot.first(sql) { $0.integer(0) } ?? 0)
        }
    }

    /// What the journal says became of it.
    func stages(_ number: String) async throws -> [String] {
        try await ledger.read { try $0.journalEntries(subject: number).map(\.stage) }
    }
}

extension CallWorker {
    /// How many it has in hand that were taken out of the ledger.
    var aheadCount: Int { held.ahead }
}
