import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// The day without the ERP, with everything else going wrong as well: an hour is two seconds, 1,800 times as fast.
@Suite("A day without the ERP", .serialized, .needsBroker, .timeLimit(.minutes(6)))
struct DrillTests {
    private static let hour = Duration.seconds(2)

    @Test("loses nothing, doubles nothing, spends nothing, answers every question in time, and is worked off by itself")
    func drill() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let day = try DrillDay(ordersAnHour: 150)
                var workers = [try rig.startWorker(), try rig.startWorker()]
                let desks = [try rig.start("quotes-worker"), try rig.start("quotes-worker")]
                try await rig.place(["before"])
                try await rig.waitForOrders(["before"])
                try await rig.host.waitForDepth(of: Catalogue.quoteRequested.queue) { $0.consumers == 2 }
                let questions = try DrillQuestions(rig)
                let shop = Task { try await questions.run() }
                try await rig.simulator.fault(#"{"kind":"down"}"#)
                try await live(day, rig, broker, questions, &workers)
                try await expectFlat(rig, day)
                try await rig.simulator.clearFaults()
                try await rig.waitForOrders(day.newest, within: .seconds(120))
                try await rig.waitUntilQuiet()
                questions.end()
                try await shop.value
                questions.expectAnswered()
                try await expectBooks(rig, day)
                try await expectQuietLedger(rig)
                for worker in workers + desks { try await rig.stop(worker) }
            }
        }
    }

    /// Every sixth hour a worker is killed, and at noon the broker.
    private func live(
        _ day: DrillDay, _ rig: Rig, _ broker: TestBroker, _ questions: DrillQuestions,
        _ workers: inout [ChildProcess]
    ) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        for (number, messages) in day.messages.enumerated() {
            if number % 6 == 3 {
                try await workers.removeFirst().kill()
                workers.append(try rig.startWorker())
            }
            if number == 12 {
                try await questions.sparing {
                    try await broker.kill()
                    try await broker.start()
                }
            }
            try await rig.publishUntilConfirmed(messages)
            try await clock.sleep(until: start + Self.hour * (number + 1), tolerance: .milliseconds(10))
        }
    }

    /// Nothing has gone round and round while nobody could take it.
    private func expectFlat(_ rig: Rig, _ day: DrillDay) async throws {
        let waiting = try await rig.peek("orders.to-erp")
        #expect(waiting.count >= day.messages.reduce(0) { $0 + $1.count })
        let returns = waiting.map { $0.properties.headers["x-delivery-count"]?.integer ?? 0 }
        // Each worker that began or ended has taken the first ones and given them back once, however long it lasted.
        #expect((returns.max() ?? 0) <= 7, "returned as often: \(returns.max() ?? 0)")
        #expect(returns.count { $0 == 0 } > waiting.count / 2)
    }

    /// Every order once and at its newest revision; what was cancelled in time the ERP has never heard of.
    private func expectBooks(_ rig: Rig, _ day: DrillDay) async throws {
        let summary = try await rig.simulator.summary()
        #expect(summary.duplicates == [])
        let heard = Dictionary(grouping: try await rig.simulator.writes().filter(\.reachedBooks)) {
            $0.storeNumber ?? ""
        }
        for (number, newest) in day.newest where !day.cancelled.contains(number) {
            let entries = heard[number] ?? []
            #expect(entries.filter(\.isCreation).count == 1, "\(number): \(entries)")
            #expect(entries.compactMap(\.revision).max() == newest, "\(number): \(entries)")
        }
        // Of what a worker had in hand as it met the outage nobody can be certain; it is not alive in any case.
        let late = day.cancelled.filter { heard[$0] != nil }
        #expect(late.count * 10 < day.cancelled.count, "cancelled, and known to the ERP: \(late)")
        #expect(late.allSatisfy { number in heard[number]?.contains { $0.effect == "created" } != true }, "\(late)")
        let repeated = day.amended.filter { (heard[$0]?.count ?? 0) > 1 }
        #expect(repeated.count * 10 < day.amended.count, "amended, and called more than once: \(repeated)")
    }

    private func expectQuietLedger(_ rig: Rig) async throws {
        #expect(try await rig.allDeadLetters() == 0)
        let spent = try await rig.ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM journal WHERE stage = 'retried' OR attempt > 1") { $0.integer(0) }
        }
        #expect(spent == 0, "no attempt is spent")
        let outages = try await rig.outages()
        #expect(outages.count == 1 && outages.first?.endedAt != nil, "\(outages)")
    }
}
