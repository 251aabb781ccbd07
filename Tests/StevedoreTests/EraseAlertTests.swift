import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// An alert quotes a letter, and lives longer than it.
@Suite("Erasing in alerts")
struct EraseAlertTests {
    private static func alert(_ key: String, _ sentence: String, subjects: [String]) throws -> Alert {
        var alert = try AlertsDesk.alert(key)
        (alert.sentence, alert.subjects, alert.accounts) = (sentence, subjects, [])
        alert.commands = ["stevedore why W-1"]
        return alert
    }

    private static func sentences(_ desk: EraseDesk) async throws -> [String] {
        let bodies = try await desk.ledger.read { snapshot in
            try snapshot.query(
                text: """
                    SELECT body FROM alert UNION ALL SELECT body FROM alert_watch
                    UNION ALL SELECT worst FROM alert_watch
                    """
            ) { $0.blob(0) }
        }
        return bodies.map { AlertRecord.read($0)?.sentence ?? "unreadable" }
    }

    private static func happen(_ alert: Alert, _ desk: EraseDesk) async throws {
        try await desk.ledger.write { transaction in
            try transaction.save(alert)
            try transaction.noteSaid(alert, now: 1)
        }
    }

    @Test("alerts, what was said last and what was said at the worst name them no more, and keep their contract")
    func bodies() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let text = "1 letter waits: the ERP refuses Canary Quill (canary.quill@feather.example)."
            let alert = try Self.alert("dead-letter/f", text, subjects: ["W-1"])
            try await Self.happen(alert, desk)
            let counts = try await desk.erase()
            #expect(counts[.alerts] == 3)
            let after = try await Self.sentences(desk)
            let wanted = "1 letter waits: the ERP refuses erased (erased@example.invalid)."
            #expect(after == [wanted, wanted, wanted])
            let left = try await desk.traces()
            #expect(left == [])
            let said = try await desk.ledger.read { try $0.saidAlert(key: "dead-letter/f")?.alert }
            #expect(said?.commands == alert.commands)
            #expect(said?.code == alert.code)
            let again = try await desk.erase()
            #expect(again.total == 0, "\(again.summary)")
        }
    }

    @Test("a short name goes from alerts about their orders alone")
    func short() async throws {
        try await EraseDesk.with { desk in
            var order = try EraseDesk.order("W-1")
            order.contact = Contact(name: "Bob", email: EraseDesk.canaries[1])
            let body = EraseDesk.body(order, Catalogue.orderPlaced, id: "m-1")
            try await desk.ledger.write { transaction in
                _ = try transaction.claimAndComplete(WhyDesk.key("order", "W-1", 1), holder: "w", now: 1)
                try transaction.storePayload(id: "m-1", body: body, at: 1)
            }
            try await Self.happen(try Self.alert("dead-letter/a", "No Bob.", subjects: ["W-1"]), desk)
            var goods = try Self.alert("dead-letter/b", "No Bob.", subjects: ["W-1"])
            goods.flow = "inventory.to-store"
            try await Self.happen(goods, desk)
            _ = try await desk.erase()
            let after = try await Self.sentences(desk)
            #expect(after == ["No erased.", "No Bob.", "No erased.", "No Bob.", "No erased.", "No Bob."])
        }
    }

    @Test("an alert that waits to be published loses them, too")
    func waiting() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let alert = try Self.alert("dead-letter/f", "No Canary Quill.", subjects: ["W-1"])
            let body = EraseDesk.body(alert, Catalogue.alertRaised, id: "a-1")
            try await desk.ledger.write { transaction in
                try transaction.enqueueOutbox(
                    OutboxMessage(
                        id: "a-1", exchange: "commerce", routingKey: "alert.raised.v1", contentType: "c",
                        type: "alert.raised.v1", subject: alert.key, revision: 1, body: body), at: 1)
            }
            _ = try await desk.erase()
            let left = try await desk.traces()
            #expect(left == [])
        }
    }
}
