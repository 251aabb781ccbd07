import FleetTesting
import Logging
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What answers say of a channel", .timeLimit(.minutes(1)))
struct CourierRestTests {
    @Test("an answer that puts off one letter ends the rest of the others")
    func answered() async throws {
        try await CourierDesk.with { desk in
            let route = CourierRoute(
                .mail, by: ScriptedCarrier { _ in .sent }, ledger: desk.ledger, settings: .init(),
                logger: Logger(label: "test"))
            let first = route.noteDown(ScriptedCarrier.trouble, atLeast: nil)
            let letter = AlertLetter(message: "m", channel: .mail, recipient: "ann@example.com", notices: [], items: [])
            await route.settle(letter, .later(ScriptedCarrier.trouble))
            let second = route.noteDown(ScriptedCarrier.trouble, atLeast: nil)
            let third = route.noteDown(ScriptedCarrier.trouble, atLeast: nil)
            // A fifth more or less of 30 seconds, and of twice that.
            #expect(first <= .seconds(36) && second <= .seconds(36) && third > .seconds(40))
        }
    }
}
