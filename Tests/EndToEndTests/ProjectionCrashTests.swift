import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// The worker that shows the ERP's answers in the store, killed; the one that talks to the ERP is well throughout.
@Suite("Store workers killed with SIGKILL at each step of the road", .needsBroker, .timeLimit(.minutes(20)))
struct ProjectionCrashTests {
    static let rounds = 20
    static let steps: [FaultPoint] = [.beforeDecode, .afterReceive, .afterRecord, .beforeSettle, .afterSettle]

    @Test("each answer is shown once after 20 kills there", .reportsSeed, arguments: steps)
    func killedAtStep(_ step: FaultPoint) async throws {
        try await Rig.with { rig in
            let index = 100 + (Self.steps.firstIndex(of: step) ?? 0)
            let batches = try (0..<Self.rounds).map {
                try CrashBatch(name: "shown-\(step.rawValue)", index: index, round: $0)
            }
            let caller = try rig.startWorker(only: "to-erp")
            try await caller.waitForLine(containing: "message=ready")
            var worker: ChildProcess?
            for (round, batch) in batches.enumerated() {
                let comment: Comment = "\(step.rawValue), round \(round), seed \(batch.seed), \(batch.victim)"
                if let worker { try await rig.stop(worker) }
                // The answers wait in the store's queue; which one the worker dies with is known from there.
                try await rig.publish(batch.messages)
                try await waitUntilAnswered(rig, batch)
                let statuses = try await rig.peek("orders.to-store").filter { subject(of: $0) == batch.victim }
                let ids = statuses.compactMap(\.properties.messageID)
                try #require(!ids.isEmpty, comment)
                let victim = try rig.startWorker(
                    ["CRASH_AT": "\(step.rawValue)=\(batch.victim)"], only: "to-store")
                let ending = try await victim.waitForExit(within: .seconds(60))
                #expect(ending == .signalled(9), comment)
                try await check(rig, step, ids, comment)
                let heir = try rig.startWorker(only: "to-store")
                // A signal before that would end it at once, as it ends any program.
                try await heir.waitForLine(containing: "message=ready")
                worker = heir
                try await rig.waitForOrders(batch.revisions)
                try await rig.waitUntilQuiet()
                if [.afterRecord, .beforeSettle].contains(step) {
                    // What was committed without being acknowledged came again, and found its work done.
                    #expect(try await stages(rig, ids).count > ids.count, comment)
                }
            }
            let numbers = batches.flatMap(\.revisions.keys)
            try await rig.expectOnce(numbers, writes: nil, "\(step.rawValue)")
            try await rig.expectShownOnce(numbers, "\(step.rawValue)")
            #expect(try await rig.deadLetters(of: "orders.to-store") == 0)
            if let worker { try await rig.stop(worker) }
            try await rig.stop(caller)
        }
    }

    private func waitUntilAnswered(_ rig: Rig, _ batch: CrashBatch) async throws {
        try await eventually(within: .seconds(60), "all answers to be in the store's queue") {
            try await rig.ledger { snapshot in
                try snapshot.outboxCount() == 0
                    && batch.revisions.allSatisfy { number, revision in
                        try snapshot.subjectState(family: "order", subject: number)?.revision == revision
                    }
            }
        }
        try await eventually("the queue to be empty") { try await rig.backlog(of: "orders.to-erp") == 0 }
    }

    /// Before the commit nothing is shown of the message, afterwards everything, whatever became of its acknowledgement.
    private func check(_ rig: Rig, _ step: FaultPoint, _ ids: [String], _ comment: Comment) async throws {
        let isCommitted = step != .beforeDecode && step != .afterReceive
        #expect(try await stages(rig, ids).contains("applied") == isCommitted, comment)
        if step == .afterSettle { return }
        #expect(try await rig.backlog(of: "orders.to-store") > 0, comment)
    }

    private func stages(_ rig: Rig, _ ids: [String]) async throws -> [String] {
        try await rig.ledger { snapshot in
            try ids.flatMap { try snapshot.journalEntries(messageID: $0).map(\.stage) }
        }
    }

    private func subject(of delivery: Delivery) -> String? {
        delivery.properties.headers["cloudEvents_subject"]?.text
    }
}
