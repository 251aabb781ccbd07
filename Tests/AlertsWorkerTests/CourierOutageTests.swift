import FleetTesting
import Ledger
import Models
import Synchronization
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("A mail server that is away", .timeLimit(.minutes(1)))
struct CourierOutageTests {
    /// Carries mails to a server that is there or not, and remembers for each whether it was a try for all.
    private final class Carrier: AlertCarrier {
        private let state = Mutex((isThere: false, tries: [Bool]()))
        private let ledger: Ledger

        init(_ ledger: Ledger) { self.ledger = ledger }

        var destination: SharedAbsence.Destination? { .mail }
        /// Of each try, whether an outage stood and its maker had been elected.
        var tries: [Bool] { state.withLock { $0.tries } }

        func comeBack() { state.withLock { $0.isThere = true } }

        func newMessage() -> String { AlertMessageID.next(domain: "example.com") }

        func carry(_: AlertLetter) async -> AlertDelivery {
            let isElected = (try? await ledger.read { try $0.standingOutage(of: "mail")?.holder != nil }) ?? false
            return state.withLock { state -> AlertDelivery in
                state.tries.append(isElected)
                return state.isThere ? .sent : .down(ScriptedCarrier.trouble)
            }
        }
    }

    private static func outages(_ desk: CourierDesk) async throws -> [Outage] {
        try await desk.ledger.read { try $0.outages(limit: 10) }
    }

    @Test("is one outage, also for a new process: after the first, each mail is a try for all until the server is back")
    func shared() async throws {
        try await CourierDesk.with { desk in
            try await desk.save(CourierDesk.alert("one"))
            for number in 1...20 { try await desk.tell("one", "p\(number)@example.com") }
            let carrier = Carrier(desk.ledger)
            try await desk.working(desk.courier(mail: carrier), as: "first") {
                try await eventually("the outage") { try await !Self.outages(desk).isEmpty }
            }
            try await desk.working(desk.courier(mail: carrier), as: "second") {
                try await eventually("two tries more") { carrier.tries.count >= 3 }
                carrier.comeBack()
                try await desk.settled()
            }
            let tries = carrier.tries
            #expect(tries.first == false)
            // The one that finds it back is the last of them.
            let trials = tries.dropFirst().prefix(while: { $0 })
            #expect(trials.count >= 2 && tries.count == 1 + trials.count + 19)
            let outages = try await Self.outages(desk)
            #expect(outages.count == 1 && outages.first?.destination == "mail" && outages.first?.endedAt != nil)
            #expect(outages.first?.probes == Int64(trials.count))
        }
    }

    @Test("is not meant by a channel that is not configured, nor by a server that is there and does not let us in")
    func none() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let locked = ScriptedCarrier { _ in .slow(ScriptedCarrier.trouble) }
            for courier in [desk.courier(), desk.courier(mail: locked)] {
                let before = try await desk.tries()
                try await desk.working(courier) {
                    try await eventually("a try in vain") { try await desk.tries() > before }
                }
            }
            let outages = try await Self.outages(desk)
            #expect(outages.isEmpty)
        }
    }
}
