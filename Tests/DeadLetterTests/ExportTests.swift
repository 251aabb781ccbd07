import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Exporting from a broker", .serialized, .needsBroker, .timeLimit(.minutes(5)))
struct ExportTests {
    @Test("an export leaves the queue's letters, their number and their order as they were")
    func undisturbed() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<150)) { desk in
            _ = try await desk.run(["export", "--output", desk.file("a.ndjson")])
            _ = try await desk.run(["export", "letter-70", "--output", desk.file("b.ndjson")])
            try await desk.host.waitForDepth(of: ExportDesk.queue) { $0.ready == 150 && $0.unacknowledged == 0 }
            let ids = try await desk.ids()
            #expect(ids == (0..<150).map { "letter-\($0)" })
        }
    }

    @Test("a file is whole, the operator's alone, and never replaced by mistake")
    func file() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            let path = desk.file("letters.ndjson")
            let said = try await desk.run(["export", "--output", path])
            #expect(said == "Exported 3 letters to \(path).")
            #expect(try await ChildProcess.run("/usr/bin/stat", arguments: ["-c", "%a", path]) == "600")
            let again = try desk.start(["export", "--output", path])
            #expect(try await again.waitForExit() == .exited(64))
            #expect(again.hasSaid("already"))
            let forced = try await desk.run(["export", "letter-1", "--output", path, "--force"])
            #expect(forced == "Exported 1 letter to \(path).")
            let left = try await ChildProcess.run("/bin/ls", arguments: [desk.file("")])
            #expect(left == "letters.ndjson")
        }
    }

    @Test("filters and ids choose letters, and an id that is nowhere is said")
    func chosen() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<5)) { desk in
            let one = try await desk.run(["export", "letter-3"])
            #expect(one.split(separator: "\n").count == 3 && one.contains(#""id":"letter-3""#))
            let none = try await desk.run(["export", "--code", "malformed.*"])
            #expect(none.split(separator: "\n").count == 2)
            let unknown = try desk.start(["export", "nobody"])
            #expect(try await unknown.waitForExit() == .exited(1))
            #expect(unknown.hasSaid("nobody"))
        }
    }

    @Test("an export says that another command holds letters which it therefore lacks")
    func held() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            let other = try BrokerAdmin(configuration: desk.broker)
            _ = try await other.get(queue: ExportDesk.queue)
            let export = try desk.start(["export", "--output", desk.file("a.ndjson")])
            #expect(try await export.waitForExit() == .exited(1))
            #expect(export.hasSaid("held letters of orders.to-erp.dead"))
            await other.close()
        }
    }

    @Test("what lies in no queue any more is exported from what the ledger keeps, and can be put back")
    func kept() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<4)) { desk in
            _ = try await desk.run(["reindex"])
            try await desk.purge()
            let discarded = try await desk.withLedger { transaction in
                try transaction.updateDeadLetter(id: "letter-2", from: .open, to: .discarded, note: "anna: not needed")
            }
            #expect(discarded)
            let file = desk.file("kept.ndjson")
            let said = try await desk.run(["export", "--kept", "--output", file])
            #expect(said == "Exported 3 letters to \(file).")
            let lines = try await desk.run(["export", "--state", "discarded"])
            #expect(lines.contains(#""id":"letter-2""#) && lines.contains("anna: not needed"))
            _ = try await desk.run(["import", file, "--reason", "restored"])
            let back = try await desk.take()
            #expect(back.map { $0.properties.messageID } == ["letter-0", "letter-1", "letter-3"])
            let body = try Letters.order("SO-1", id: "letter-1")
            #expect(back.count == 3 && back[1].body.bytes == body)
            #expect(back.count == 3 && back[1].properties.headers["stevedore-code"] == "rejected.unknown-sku")
        }
    }
}
