import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Importing into a broker", .serialized, .needsBroker, .timeLimit(.minutes(5)))
struct ImportTests {
    private static let why = ["--reason", "queue purged by mistake", "--by", "anna"]

    /// Exports everything into a file, makes a ledger that knows nothing, and empties the queue.
    private func exported(_ desk: ExportDesk) async throws -> String {
        let file = desk.file("letters.ndjson")
        _ = try await desk.run(["export", "--output", file])
        try await desk.withLedger { _ in }
        try await desk.purge()
        return file
    }

    @Test("hostile bodies and headers of every type come back byte for byte")
    func roundTrip() async throws {
        let messages = try Hostile.bodies.enumerated().map { try ExportDesk.letter($0, Hostile.headers, body: $1) }
        try await ExportDesk.with(messages) { desk in
            let before = try await desk.take()
            try await desk.publish(messages)
            let file = try await exported(desk)
            let said = try await desk.run(["import", file] + Self.why)
            #expect(said == "Imported \(messages.count) letters.")
            let after = try await desk.take()
            #expect(after.count == messages.count && before.count == messages.count)
            for (sent, (old, new)) in zip(messages, zip(before, after)) {
                #expect(new.body.bytes == sent.body)
                #expect(Hostile.text(new.properties.headers) == Hostile.text(old.properties.headers))
                #expect(new.properties.exchanged == old.properties.exchanged)
                #expect(new.routingKey == old.routingKey && new.exchange == old.exchange)
            }
        }
    }

    @Test("imported letters are in the index with their bodies, and in the journal with who and why")
    func indexed() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            let file = try await exported(desk)
            _ = try await desk.run(["import", file] + Self.why)
            let (record, body, entries, actions) = try await desk.withLedger { snapshot in
                let record = try snapshot.deadLetter(id: "letter-1")
                let body = try record?.payload.flatMap { try snapshot.payload(id: $0)?.body }
                let entries = try snapshot.journalEntries(messageID: "letter-1")
                return (record, body, entries, try snapshot.operatorActions())
            }
            let expected = try Letters.order("SO-1", id: "letter-1")
            #expect(record?.state == .open && record?.code == "rejected.unknown-sku" && record?.subject == "SO-1")
            #expect(body == expected)
            #expect(entries.map(\.stage) == ["imported"] && entries.first?.worker == "anna")
            #expect(actions.map(\.action) == ["import"] && actions.first?.letters == 3)
        }
    }

    @Test("imported twice, a letter lies in its queue once; once it was taken off, it stays away unless asked for")
    func idempotent() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<120)) { desk in
            let file = try await exported(desk)
            let first = try await desk.run(["import", file] + Self.why)
            #expect(first == "Imported 120 letters.")
            let second = try await desk.run(["import", file] + Self.why)
            #expect(second == "Imported 0 letters, 120 there already.")
            let ids = try await desk.ids()
            #expect(ids == (0..<120).map { "letter-\($0)" })
            let third = try await desk.run(["import", file] + Self.why)
            #expect(third == "Imported 0 letters, 120 imported before.")
            let again = try await desk.run(["import", file, "--again"] + Self.why)
            #expect(again == "Imported 120 letters.")
        }
    }

    @Test("a letter that was replayed since is not put back, unless that is asked for")
    func replayed() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<2)) { desk in
            _ = try await desk.run(["reindex"])
            let file = desk.file("letters.ndjson")
            _ = try await desk.run(["export", "--output", file])
            try await desk.purge()
            _ = try await desk.withLedger { transaction in
                try transaction.updateDeadLetter(id: "letter-0", from: .open, to: .replayed, note: "n")
            }
            let said = try await desk.run(["import", file] + Self.why)
            #expect(said == "Imported 1 letter, 1 dealt with since.")
            _ = try await desk.run(["import", file, "--again"] + Self.why)
            let ids = try await desk.ids()
            #expect(ids == ["letter-1", "letter-0"])
            let state = try await desk.withLedger { try $0.deadLetter(id: "letter-0")?.state }
            #expect(state == .open)
        }
    }

    @Test(
        "killed half-way, the same command does the rest, and none is there twice",
        arguments: ["after-import-confirm:1", "after-import-confirm:2", "after-import-mark:1", "after-import-mark:3"])
    func killed(point: String) async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<250)) { desk in
            let file = try await exported(desk)
            let crash = try desk.start(["import", file] + Self.why, ["STEVEDORE_CRASH_AT": point])
            let killed = try await crash.waitForExit(within: .seconds(60))
            #expect(killed == .signalled(9))
            _ = try await desk.run(["import", file] + Self.why)
            let open = try await desk.withLedger { try $0.deadLetterCount() }
            #expect(open == 250)
            let ids = try await desk.ids()
            #expect(ids == (0..<250).map { "letter-\($0)" })
        }
    }

    @Test("a file that was cut off is refused as a whole, and imported as far as it goes when that is asked for")
    func truncated() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<5)) { desk in
            let file = try await exported(desk)
            let part = desk.file("part.ndjson")
            _ = try await ChildProcess.run("/bin/sh", arguments: ["-c", "head -n 4 \(file) > \(part)"])
            let refused = try desk.start(["import", part] + Self.why)
            #expect(try await refused.waitForExit() == .exited(1))
            #expect(refused.hasSaid("part.ndjson:5: The footer is missing"))
            try await desk.host.waitForDepth(of: ExportDesk.queue) { $0.ready == 0 }
            let partial = try desk.start(["import", part, "--partial"] + Self.why)
            #expect(try await partial.waitForExit() == .exited(1))
            #expect(partial.output == ["Imported 3 letters, 1 fault in the file."])
            let ids = try await desk.ids()
            #expect(ids == ["letter-0", "letter-1", "letter-2"])
        }
    }

    @Test("a dry run changes nothing, and standard input is as good as a file")
    func dryRun() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            let file = try await exported(desk)
            let said = try await desk.run(["import", file, "--dry-run"] + Self.why)
            #expect(said == "Would import 3 letters.")
            try await desk.host.waitForDepth(of: ExportDesk.queue) { $0.ready == 0 }
            let program = try BuiltProducts.executable("dead-letter")
            let line = "cat \(file) | \(program) import - --reason piped"
            let environment = ["STEVEDORE_AMQP_URLS": desk.host.url, "STEVEDORE_LEDGER_PATH": desk.file("ledger.db")]
            let piped = try await ChildProcess.run("/bin/sh", arguments: ["-c", line], environment: environment)
            #expect(piped == "Imported 3 letters.")
        }
    }

    @Test("what no queue wanted goes back among what no queue wanted, under its own key")
    func unrouted() async throws {
        try await ExportDesk.with([]) { desk in
            try await desk.publish([
                OutgoingMessage(
                    exchange: FleetTopology.exchange, routingKey: "order.placed.v9",
                    properties: MessageProperties(messageID: "lost"), body: Array("{}".utf8))
            ])
            let file = desk.file("lost.ndjson")
            _ = try await desk.run(["export", "--queue", "unrouted", "--output", file])
            try await desk.withLedger { _ in }
            let admin = try BrokerAdmin(configuration: desk.broker)
            try await admin.purge(queue: "unrouted")
            let said = try await desk.run(["import", file] + Self.why)
            #expect(said == "Imported 1 letter.")
            let back = try await admin.get(queue: "unrouted")
            #expect(back?.routingKey == "order.placed.v9" && back?.properties.messageID == "lost")
            await admin.close()
        }
    }
}
