import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// A person is taken out of the ledger, and everything else stays.
@Suite("Erasing in the ledger")
struct EraseLedgerTests {
    @Test("an account's persons are in no table any more, and totals and record are what they were")
    func account() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let (before, totals) = (try await desk.traces(), try await desk.totals())
            #expect(before.count > 10, "\(before)")
            let counts = try await desk.erase()
            let (left, now) = (try await desk.traces(), try await desk.totals())
            #expect(left == [])
            #expect(now == totals)
            #expect(counts[.payloads] == 1)
            #expect(counts[.outbox] == 1)
            #expect(counts[.posts] == 1)
            #expect(counts[.parked] == 1)
            #expect(counts[.journal] == 1)
            #expect(counts[.letterTexts] == 1)
            #expect(counts[.store] == 5)
            #expect(counts[.aliases] == 1)
            #expect(counts.open.isEmpty)
        }
    }

    @Test("in the file itself there is nothing left either")
    func file() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            _ = try await desk.erase()
            try await desk.ledger.rewriteFile()
            #expect(try await desk.ledger.scrubLog() == .done)
            let areThere = try await desk.areCanariesInFile()
            #expect(!areThere)
        }
    }

    @Test("a second run finds nothing")
    func again() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let first = try await desk.erase()
            #expect(first.total > 0)
            let second = try await desk.erase()
            #expect(second.total == 0, "\(second.summary)")
            let dry = try await desk.erase(EraseDesk.request(isApplied: false))
            #expect(dry.total == 0)
        }
    }

    @Test("a dry run counts the same and changes nothing")
    func dryRun() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let traces = try await desk.traces()
            let planned = try await desk.erase(EraseDesk.request(isApplied: false))
            let unchanged = try await desk.traces()
            #expect(unchanged == traces)
            let done = try await desk.erase()
            #expect(planned == done)
        }
    }

    @Test("what the ledger keeps of others stays as it is, byte for byte")
    func others() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let before = try await desk.ledger.read { try $0.payload(id: "m-2") }
            _ = try await desk.erase()
            let after = try await desk.ledger.read { try $0.payload(id: "m-2") }
            #expect(after == before)
            let names = try await desk.ledger.read { snapshot in
                try snapshot.query(text: "SELECT subject FROM alias") { $0.text(0) }
            }
            #expect(names == ["W-2"])
        }
    }

    @Test("by address one person goes, and another of the same account stays")
    func email() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            let request = EraseDesk.request(account: nil, email: "Canary.Quill@feather.example")
            _ = try await desk.erase(request)
            let contacts = try await desk.ledger.read { snapshot in
                try snapshot.query(text: "SELECT name, email FROM store_customer_contact ORDER BY position") { row in
                    row.text(0) + " " + row.text(1)
                }
            }
            #expect(contacts == ["erased erased@example.invalid", "Bob Other bob@feather.example"])
            let recipients = try await desk.ledger.read { snapshot in
                try snapshot.query(text: "SELECT name || bill_to_name FROM store_customer") { $0.text(0) }
            }
            #expect(recipients == ["Feather & Sonserased"])
            let text = try await desk.ledger.read { try $0.payload(id: "m-1") }
            let kept = String(decoding: text?.body ?? [], as: UTF8.self)
            #expect(!kept.contains("Quill"))
            let again = try await desk.erase(request)
            #expect(again.total == 0, "\(again.summary)")
        }
    }

    @Test("an order that the ERP has not answered is left, unless it is meant, too")
    func open() async throws {
        try await EraseDesk.with { desk in
            let order = try EraseDesk.order("W-9", revision: 2)
            let body = EraseDesk.body(order, Catalogue.orderPlaced, id: "m-9")
            try await desk.ledger.write { transaction in
                _ = try transaction.claimAndComplete(WhyDesk.key("order", "W-9", 1), holder: "w", now: 1)
                try transaction.storePayload(id: "m-9", body: body, at: 1)
            }
            let counts = try await desk.erase()
            #expect(counts.open == ["W-9"])
            let kept = try await desk.ledger.read { try $0.payload(id: "m-9")?.body }
            #expect(kept == body)
            let all = try await desk.erase(EraseDesk.request(includesOpen: true))
            #expect(all[.payloads] == 1)
            #expect(all.open.isEmpty)
            let left = try await desk.traces()
            #expect(left == [])
        }
    }

    @Test("a letter that waits says that it is not what it was")
    func note() async throws {
        try await EraseDesk.with { desk in
            try await desk.fill()
            _ = try await desk.erase()
            let notes = try await desk.ledger.read { snapshot in
                try ["m-1", "m-2"].map { try snapshot.deadLetter(id: $0)?.note }
            }
            #expect(notes == [EraseLedger.note, nil])
        }
    }

    @Test("a body that nobody can read goes as a whole when it names them, and only then")
    func unreadable() async throws {
        try await EraseDesk.with { desk in
            let broken = Array(#"{"data":{"customer":{"account":"C-9001"},"contact":{"name":"Canary Quill""#.utf8)
            let other = Array(#"{"data":{"customer":{"account":"C-1"},"contact":"#.utf8)
            try await desk.ledger.write { transaction in
                try transaction.storePayload(id: "b-1", body: broken, at: 1)
                try transaction.storePayload(id: "b-2", body: other, at: 1)
            }
            _ = try await desk.erase()
            let bodies = try await desk.ledger.read { snapshot in
                try ["b-1", "b-2"].map { try snapshot.payload(id: $0)?.body }
            }
            #expect(bodies == [BodyEraser.unreadable, other])
        }
    }

    @Test("the record has no name in it, and tells two requests apart")
    func digest() {
        let (one, other) = (EraseDesk.request(), EraseDesk.request(account: nil, email: "a@b.example"))
        #expect(one.digest != other.digest)
        #expect(one.digest.count == 4)
    }
}
