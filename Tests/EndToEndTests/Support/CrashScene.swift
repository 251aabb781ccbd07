import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// What is there of the victim right after a kill, and when another worker has cleared up behind it.
struct CrashScene {
    let rig: Rig
    let step: CrashStep
    let batch: CrashBatch
    let round: Int

    /// In the text of each failure.
    var comment: Comment { "\(step.rawValue), round \(round), seed \(batch.seed), \(batch.victim)" }

    /// What the ledger and the ERP hold has to be what the step says, or the kill was somewhere else.
    func checkAfterKill() async throws {
        let state = try await state()
        let journal = try await rig.ledger { [id = batch.first.id] in try $0.journalEntries(messageID: id) }
        let writes = try await rig.simulator.writes(batch.victim).filter(\.reachedBooks)
        switch step {
        case .beforeDecode, .receive:
            #expect(state == nil && journal == [] && writes.isEmpty, comment)
        case .probation:
            // The mark stays only where the worker died. Other messages of the order may have gone ahead.
            #expect(try await probations() == 1, comment)
        case .claim:
            #expect(state?.revision == 0 && state?.leaseHolder != nil && writes.isEmpty, comment)
            #expect(journal.map(\.stage) == ["claimed"], comment)
        case .call:
            #expect(state?.revision == 0 && state?.leaseHolder != nil, comment)
            #expect(writes.map(\.effect) == ["created"] && journal.map(\.stage) == ["claimed"], comment)
        case .record, .beforeSettle:
            #expect(state?.revision == batch.first.revision && state?.leaseHolder == nil, comment)
            #expect(journal.map(\.stage) == ["claimed", "applied"] && writes.map(\.effect) == ["created"], comment)
            try await checkFollowUp()
        case .settle, .outboxConfirm, .outboxMark:
            // By then the order's next message may be on its way.
            #expect(state?.revision ?? 0 >= batch.first.revision, comment)
            #expect(journal.prefix(2).map(\.stage) == ["claimed", "applied"], comment)
            #expect(writes.first?.effect == "created", comment)
            try await checkFollowUp()
        case .retry, .giveBack:
            #expect(state?.revision ?? 0 == 0 && writes.isEmpty, comment)
            try await checkCopies(attempt: step == .retry ? 1 : 0)
        case .deadLetter:
            #expect(state == nil && writes.isEmpty, comment)
            #expect(try await rig.deadLetters() == 2 * round + 1, comment)
            #expect(try await rig.backlog(of: "orders.to-erp") > 0, comment)
        }
    }

    /// How it ended once everything was handled.
    func checkEnding() async throws {
        let journal = try await rig.ledger { [id = batch.first.id] in try $0.journalEntries(messageID: id) }
            .filter { $0.type != Catalogue.orderStatus.name }
        let applied = journal.filter { $0.stage == "applied" }
        let story: Comment = "\(comment.rawValue): \(journal.map { "\($0.stage) \($0.attempt)" })"
        if step != .deadLetter { #expect(applied.count <= 1, story) }
        switch step {
        case .record, .beforeSettle, .outboxConfirm, .outboxMark:
            #expect(applied.count == 1, story)
            // Each copy came again or for the first time, and found its work done.
            let passed = journal.filter { ["duplicate", "superseded"].contains($0.stage) }
            #expect(passed.count >= copies - 1 && (step.isAboutOutbox || passed.count == copies), story)
        case .retry:
            // The redelivered original is still the first attempt, and the copy the second: none is the third.
            #expect(Set(journal.map(\.attempt)) == [1, 2], story)
        case .giveBack:
            #expect(Set(journal.map(\.attempt)) == [1], story)
        case .probation:
            #expect(try await probations() == 0, comment)
        case .deadLetter:
            #expect(try await rig.deadLetters() == 2 * round + 2, story)
        default: break
        }
    }

    private func checkFollowUp() async throws {
        let waits = try await waitsInOutbox()
        switch step {
        case .outboxConfirm: #expect(waits, comment)
        case .outboxMark: #expect(!waits, comment)
        case .beforeSettle:
            // Somebody else sends the follow-up before the order comes back.
            try await eventually(within: .seconds(60), "the status of \(batch.victim)") {
                let waits = try await waitsInOutbox()
                let shown = try await rig.shownState(batch.victim)
                return !waits && shown != nil
            }
        default:
            try await eventually("the status of \(batch.victim) to be somewhere") {
                let waits = try await waitsInOutbox()
                let shown = try await rig.shownState(batch.victim)
                return waits || shown != nil
            }
        }
    }

    /// The original and its copy, each once, with the attempts that were really made.
    private func checkCopies(attempt: Int64) async throws {
        let tier = FleetTopology.retryQueue("orders.to-erp", .fiveSeconds)
        try await rig.host.waitForDepth(of: tier) { $0.messages == 0 }
        let found = try await rig.peek("orders.to-erp").filter { $0.properties.messageID == batch.first.id }
        let attempts = found.map { $0.properties.headers[MessageHeader.attempt]?.integer }
        #expect(attempts.filter { $0 == nil }.count == copies, comment)
        #expect(attempts.compactMap { $0 } == [attempt], comment)
    }

    /// How often the victim's first message was published.
    private var copies: Int { batch.messages.filter { $0.properties.messageID == batch.first.id }.count }

    private func state() async throws -> SubjectState? {
        try await rig.ledger { [victim = batch.victim] in try $0.subjectState(family: "order", subject: victim) }
    }

    /// Whether the answer to the victim's first message is still to be published, or to be marked.
    private func waitsInOutbox() async throws -> Bool {
        try await rig.ledger { [victim = batch.victim] snapshot in
            try snapshot.first("SELECT 1 FROM outbox WHERE subject = ? AND revision = 1", .text(victim)) {
                $0.integer(0)
            } != nil
        }
    }

    private func probations() async throws -> Int64? {
        try await rig.ledger { [id = batch.first.id] snapshot in
            try snapshot.first(
                "SELECT coalesce(sum(starts), 0) FROM probation WHERE instr(key, ?) > 0", .text(id)
            ) { $0.integer(0) }
        }
    }
}
