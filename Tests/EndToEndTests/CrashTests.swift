import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// One worker after the other is killed while it handles an order that is new in that round; the next one clears up
/// behind it before it is given the order that it dies with itself.
@Suite("Workers killed with SIGKILL at each step of the road", .needsBroker, .timeLimit(.minutes(20)))
struct CrashTests {
    static let rounds = 20

    @Test(
        "each order is in the ERP once, and shown once, after 20 kills there", .reportsSeed,
        arguments: CrashStep.allCases)
    func killedAtStep(_ step: CrashStep) async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let batches = try (0..<Self.rounds).map { try CrashBatch(step, round: $0) }
            let store = step.isAboutOutbox ? nil : try rig.startWorker(only: "to-store")
            try await store?.waitForLine(containing: "message=ready")
            var worker = try await startWorker(rig, step, batches.first)
            for (round, batch) in batches.enumerated() {
                let scene = CrashScene(rig: rig, step: step, batch: batch, round: round)
                worker = try await kill(worker, scene)
                try await scene.checkAfterKill()
                let next = round + 1 < batches.count ? batches[round + 1] : nil
                // A suspect waits in its queue before the worker that is to die with it is there.
                worker = try await startWorker(rig, step, step == .probation ? nil : next)
                do { try await waitUntilHandled(scene) } catch {
                    let end = "\(String(describing: worker.status)); \(worker.errors.suffix(5))"
                    Issue.record("\(scene.comment.rawValue): the worker after it: \(end)")
                    throw error
                }
                try await scene.checkEnding()
            }
            if step.isAboutOutbox { try await checkPublications(rig, step, batches) }
            let last = try store ?? rig.startWorker(only: "to-store")
            try await finish(rig, step, batches)
            try await rig.stop(worker)
            try await rig.stop(last)
        }
    }

    private func startWorker(_ rig: Rig, _ step: CrashStep, _ victim: CrashBatch?) async throws -> ChildProcess {
        let worker = try rig.startWorker(victim.map { ["CRASH_AT": step.plan($0)] } ?? [:], only: "to-erp")
        try await worker.waitForLine(containing: "message=ready")
        return worker
    }

    /// Returns the worker that was killed.
    private func kill(_ waiting: ChildProcess, _ scene: CrashScene) async throws -> ChildProcess {
        let (rig, batch) = (scene.rig, scene.batch)
        var worker = waiting
        var lease: Int64?
        switch scene.step.trouble {
        case .failingERP: try await rig.simulator.fault(#"{"kind":"error","status":500,"path":"/orders"}"#)
        case .leased: lease = try await rig.claim(batch.victim)
        case .suspect: try await rig.stop(waiting)
        case .none, .malformed: break
        }
        if scene.step.trouble == .suspect {
            // It alone has come back so often; the others lie behind it.
            let index = batch.messages.firstIndex { $0.properties.messageID == batch.first.id } ?? 0
            try await rig.publish([batch.messages[index]])
            try await rig.returnAll(of: "orders.to-erp", times: 3)
            try await rig.publish(batch.messages.indices.filter { $0 != index }.map { batch.messages[$0] })
            worker = try rig.startWorker(["CRASH_AT": scene.step.plan(batch)], only: "to-erp")
        } else {
            try await rig.publish(batch.messages)
        }
        let status = try await worker.waitForExit(within: .seconds(60))
        #expect(status == .signalled(9), scene.comment)
        if scene.step.trouble == .failingERP { try await rig.simulator.clearFaults() }
        if let lease { try await rig.release(batch.victim, fence: lease) }
        return worker
    }

    /// Whatever became of the answers: those that a killed worker was publishing are free for others only when its time
    /// is over, which the end waits for.
    private func waitUntilHandled(_ scene: CrashScene) async throws {
        let (rig, revisions) = (scene.rig, scene.batch.revisions)
        try await eventually(within: .seconds(60), "all orders to be applied") {
            try await rig.ledger { snapshot in
                try revisions.allSatisfy { number, revision in
                    try snapshot.subjectState(family: "order", subject: number)?.revision == revision
                }
            }
        }
        try await eventually("the queue to be empty") { try await rig.backlog(of: "orders.to-erp") == 0 }
    }

    /// Killed before the mark, the status went out twice under its id; killed after it, once.
    private func checkPublications(_ rig: Rig, _ step: CrashStep, _ batches: [CrashBatch]) async throws {
        try await eventually(within: .seconds(120), "the outbox to be empty") {
            try await rig.ledger { try $0.outboxCount() } == 0
        }
        let statuses = try await rig.peek("orders.to-store").map(\.properties)
            .filter { $0.headers["cloudEvents_revision"]?.integer == 1 }
        let published = Dictionary(grouping: statuses) { $0.headers["cloudEvents_subject"]?.text ?? "" }
        for batch in batches {
            let copies = published[batch.victim] ?? []
            let comment: Comment = "\(batch.victim): \(copies.count) copies of its status"
            #expect(step == .outboxConfirm ? copies.count >= 2 : copies.count == 1, comment)
            #expect(Set(copies.map(\.messageID)).count == 1, comment)
        }
    }

    private func waitUntilShown(_ rig: Rig, _ revisions: [String: Int64]) async throws {
        // What a killed worker was publishing is free for others only when its time is over.
        try await rig.waitForOrders(revisions, within: .seconds(120))
        try await rig.waitUntilQuiet()
    }

    private func finish(_ rig: Rig, _ step: CrashStep, _ batches: [CrashBatch]) async throws {
        let revisions = batches.reduce(into: [:]) { all, batch in all.merge(batch.revisions) { $1 } }
        try await waitUntilShown(rig, revisions)
        let comment: Comment = "\(step.rawValue)"
        try await rig.expectOnce(Array(revisions.keys), writes: nil, comment)
        try await rig.expectShownOnce(Array(revisions.keys), comment)
        let cancelled = batches.reduce(0) { $0 + $1.cancelled }
        #expect(try await rig.simulator.summary().states["cancelled"] ?? 0 == cancelled, comment)
        #expect(try await rig.deadLetters(of: "orders.to-store") == 0, comment)
        let letters = try await rig.letters().map { $0.properties.messageID ?? "" }
        // A crash between confirm and acknowledgement leaves a second copy, never none.
        let expected = step == .deadLetter ? batches.flatMap { [$0.first.id, $0.first.id] } : []
        #expect(letters.sorted() == expected.sorted(), comment)
    }
}
