import Fleet
import FleetTesting
import Models
import RabbitMQ
import Testing

@Suite("Workers killed with SIGKILL at each step of the road", .needsBroker)
struct CrashTests {
    static let rounds = 20

    /// How the messages of one round must look so that the road passes the step.
    enum Traffic {
        case healthy, failing, malformed
    }

    static let steps: [(FaultPoint, Traffic)] = [
        (.afterReceive, .healthy), (.afterClaim, .healthy), (.afterCall, .healthy), (.afterRecord, .healthy),
        (.afterOutboxConfirm, .healthy), (.afterOutboxMark, .healthy), (.afterSettle, .healthy),
        (.afterRetryConfirm, .failing), (.afterDeadLetterConfirm, .malformed),
    ]

    /// These are passed once for a whole batch, or for the one faulty message of a round.
    static let once: Set<FaultPoint> = [
        .afterOutboxConfirm, .afterOutboxMark, .afterRetryConfirm, .afterDeadLetterConfirm,
    ]

    @Test("each order is in the ERP once, and shown once, after 20 kills", .reportsSeed, arguments: steps)
    func killedAtStep(_ step: FaultPoint, _ traffic: Traffic) async throws {
        try await Rig.with { rig in
            var random = SeededRandom(round: step.rawValue.utf8.count)
            var numbers: [String] = []
            for round in 0..<Self.rounds {
                let fresh = (0..<8).map { "\(step.rawValue)-\(round)-\($0)" }
                numbers += fresh
                try await rig.publish(fresh.map { OrderMessages.message(try OrderMessages.order($0)) })
                try await prepare(rig, traffic, round: round)
                let nth = Int.random(in: 1...(Self.once.contains(step) ? 1 : 5), using: &random)
                // Twenty crashes in a row would rightly be blamed on whatever was handled alone meanwhile.
                let worker = try rig.startWorker([
                    "CRASH_AT": "\(step.rawValue):\(nth)", "WORKER_CRASHES_UNTIL_POISON": "1000",
                ])
                #expect(try await worker.waitForExit() == .signalled(9))
                try await rig.simulator.clearFaults()
            }
            try await finish(rig, numbers, malformed: traffic == .malformed ? Self.rounds : 0)
        }
    }

    private func prepare(_ rig: Rig, _ traffic: Traffic, round: Int) async throws {
        switch traffic {
        case .healthy: break
        case .failing: try await rig.simulator.fault(#"{"kind":"error","status":500,"path":"/orders"}"#)
        case .malformed: try await rig.publish([OrderMessages.raw(Array("{".utf8), id: "broken-\(round)")])
        }
    }

    private func finish(_ rig: Rig, _ numbers: [String], malformed: Int) async throws {
        let worker = try rig.startWorker(["WORKER_CRASHES_UNTIL_POISON": "1000"])
        try await rig.waitForOrders(numbers, within: .seconds(120))
        try await eventually(within: .seconds(60), "the queues to be empty") {
            let toERP = try await rig.backlog(of: "orders.to-erp")
            let toStore = try await rig.backlog(of: "orders.to-store")
            return toERP + toStore == 0
        }
        worker.terminate()
        #expect(try await worker.waitForExit() == .exited(0))
        let summary = try await rig.simulator.summary()
        #expect(summary.duplicates == [])
        #expect(summary.creates == numbers.count)
        #expect(summary.orders == numbers.count)
        // A crash between confirm and acknowledgement leaves a second copy, never none.
        let dead = try await rig.deadLetters()
        let reasons = try await rig.deadLetterReasons()
        #expect(malformed == 0 ? dead == 0 : dead >= malformed, "\(reasons)")
        #expect(try await rig.deadLetters(of: "orders.to-store") == 0)
    }
}
