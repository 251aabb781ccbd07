import Logging
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What the log says of letters to people")
struct AlertLogTests {
    private static let letter = AlertLetter(
        message: "018bcfe5-6800-7000-8000-000000000000@example.com", channel: .mail, recipient: "ann@example.com",
        notices: [],
        items: [
            .init(record: AlertRecord(CourierDesk.alert("one")), occasion: .raised, rules: ["sales", "buyers"]),
            .init(record: AlertRecord(CourierDesk.alert("two")), occasion: .raised, rules: ["sales"]),
        ])

    @Test("the rules that want it said, each once, and an id without what looks like an address")
    func metadata() {
        let said = Self.letter.metadata
        #expect(said["rules"] == "buyers, sales")
        #expect(said["message"] == "018bcfe5-6800-7000-8000-000000000000")
    }

    @Test("what a server answers ends before what to do begins")
    func reason() {
        let trouble = AlertTrouble(code: "c", sentence: "550 no such mailbox here", remedy: "Check the address.")
        #expect(trouble.reason == "550 no such mailbox here. Check the address.")
    }
}
