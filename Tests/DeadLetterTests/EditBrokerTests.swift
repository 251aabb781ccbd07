import Fleet
import FleetTesting
import FoundationEssentials
import Glibc
import Ledger
import RabbitMQ
import Testing

@testable import DeadLetter

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Editing on a broker", .serialized, .needsBroker, .timeLimit(.minutes(5)))
struct EditBrokerTests {
    private static let sku = #"[{"op": "replace", "path": "/data/lines/0/sku", "value": "X-9"}]"#

    private static func file(_ text: String, in folder: TemporaryDirectory) throws -> String {
        let path = folder.file("input.json")
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private static func with(
        letters: Int, _ body: (Desk, TemporaryDirectory) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            try await Desk.with(letters: letters) { desk in try await body(desk, folder) }
        }
    }

    /// The one message in a queue, taken off it.
    private static func message(_ desk: Desk, in queue: String) async throws -> (id: String?, body: JSONTree) {
        let admin = try BrokerAdmin(configuration: desk.broker)
        let found = try await admin.get(queue: queue)
        let delivery = try #require(found)
        try await admin.settle([.ack(delivery.tag)])
        let more = try await admin.get(queue: queue)
        #expect(more?.body.bytes == nil)
        await admin.close()
        return (delivery.properties.messageID, try JSONTree(parsing: delivery.body.bytes))
    }

    private static func mention(_ lines: [String], _ text: String) -> Bool { lines.contains { $0.contains(text) } }

    private static func outboxCount(_ desk: Desk) async throws -> Int {
        try await desk.ledger.read { try $0.outboxCount() }
    }

    private static func successor(_ desk: Desk, of id: String) async throws -> String? {
        try await desk.ledger.read { snapshot in
            try snapshot.query("SELECT edited_as FROM dead_letter WHERE id = ?", .text(id)) { $0.optionalText(0) }
                .first ?? nil
        }
    }

    @Test("the corrected message is in the flow under a new id, and the letter is off its queue")
    func patch() async throws {
        try await Self.with(letters: 3) { desk, folder in
            let path = try Self.file(Self.sku, in: folder)
            let said = try await desk.run(["edit", "letter-1", "--patch", path, "--reason", "test", "--by", "anna"])
            let successor = try await Self.successor(desk, of: "letter-1")
            let id = try #require(successor)
            #expect(said.contains("Edited letter-1 as \(id).\nIt is in orders.to-erp."), "\(said)")
            #expect(said.contains(#"/data/lines/0/sku: "BOLT-M8-40" → "X-9""#))
            let message = try await Self.message(desk, in: "orders.to-erp")
            #expect(message.id == id && message.body["replayof"]?.text == "\"letter-1\"")
            #expect(try await desk.ids(in: "orders.to-erp.dead") == ["letter-0", "letter-2"])
            #expect(try await desk.ids(in: "orders.taken") == [id])
            #expect(try await Self.outboxCount(desk) == 0)
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            #expect(actions.map(\.action) == ["edit"] && actions.first?.by == "anna")
        }
    }

    @Test("a second edit of the same letter is refused, and says who was first")
    func twice() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let path = try Self.file(Self.sku, in: folder)
            let edit = ["edit", "letter-0", "--patch", path, "--reason", "test", "--by", "anna"]
            _ = try await desk.run(edit)
            let second = try desk.start(edit)
            #expect(try await second.waitForExit() == .exited(1))
            #expect(second.errors.first?.contains("(anna: edited as ") == true)
            #expect(try await desk.ids(in: "orders.to-erp").count == 1)
        }
    }

    @Test("what was typed of a letter that somebody has discarded meanwhile is kept, but not to go on with")
    func overtaken() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let script = folder.file("slow-editor")
            // Ends also when the test has ended before it.
            let text = """
                until [ -e \(folder.file("go")) ] || [ ! -d \(folder.path) ]; do sleep 0.05; done
                sed -i s/BOLT-M8-40/X-9/ "$1"
                """
            try Data(text.utf8).write(to: URL(filePath: script))
            let edit = try desk.start(
                ["edit", "letter-0", "--reason", "test"], ["VISUAL": "sh \(script)", "TMPDIR": folder.path])
            try await eventually(within: .seconds(30), "the editor") {
                try FileManager.default.contentsOfDirectory(atPath: folder.path).count > 1
            }
            _ = try await desk.run(["discard", "letter-0", "--reason", "not wanted", "--by", "bert"])
            try Data().write(to: URL(filePath: folder.file("go")))
            #expect(try await edit.waitForExit() == .exited(1))
            #expect(Self.mention(edit.errors, "was discarded (bert: not wanted)"), "\(edit.errors)")
            #expect(Self.mention(edit.errors, "takes no edit any more"), "\(edit.errors)")
            #expect(!Self.mention(edit.errors, "--document"))
        }
    }

    @Test("killed once it is written down, the workers have the message and the next replay takes the letter off")
    func killed() async throws {
        try await Self.with(letters: 2) { desk, folder in
            let path = try Self.file(Self.sku, in: folder)
            let crash = try desk.start(
                ["edit", "letter-0", "--patch", path, "--reason", "test"],
                ["STEVEDORE_CRASH_AT": FaultPoint.afterReplayMark.rawValue])
            #expect(try await crash.waitForExit() == .signalled(9))
            // With the copy for the queue that only looks on.
            #expect(try await Self.outboxCount(desk) == 2)
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 2 }
            _ = try await desk.run(["replay", "--all", "--reason", "test"])
            #expect(try await desk.ids(in: "orders.to-erp") == ["letter-1"])
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
            #expect(try await Self.outboxCount(desk) == 2)
        }
    }

    @Test("killed once the broker has the message, it is there and the letter is not lost")
    func killedAfterConfirm() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let path = try Self.file(Self.sku, in: folder)
            let crash = try desk.start(
                ["edit", "letter-0", "--patch", path, "--reason", "test"],
                ["STEVEDORE_CRASH_AT": FaultPoint.afterOutboxConfirm.rawValue])
            #expect(try await crash.waitForExit() == .signalled(9))
            let successor = try await Self.successor(desk, of: "letter-0")
            let id = try #require(successor)
            #expect(try await desk.ids(in: "orders.to-erp") == [id])
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 1 }
        }
    }

    @Test("a dry run says what would be changed, and changes nothing")
    func dryRun() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let path = try Self.file(Self.sku, in: folder)
            let said = try await desk.run(["edit", "letter-0", "--patch", path, "--reason", "test", "--dry-run"])
            #expect(said.contains("Would edit letter-0"))
            #expect(try await Self.successor(desk, of: "letter-0") == nil)
            #expect(try await desk.host.depth(of: "orders.to-erp")?.messages == 0)
            #expect(try await desk.ids(in: "orders.to-erp.dead") == ["letter-0"])
        }
    }

    @Test("what an editor leaves in the file is the corrected message, and the file is gone")
    func editor() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let edit = try desk.start(
                ["edit", "letter-0", "--reason", "test"],
                ["VISUAL": "", "EDITOR": "sed -i s/BOLT-M8-40/X-9/", "TMPDIR": folder.path])
            #expect(try await edit.waitForExit() == .exited(0), "\(edit.errors)")
            let body = try await Self.message(desk, in: "orders.to-erp").body
            #expect(body["data"]?["lines"]?.text.contains("\"sku\":\"X-9\"") == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == [])
        }
    }

    @Test("an editor that changes nothing is no edit")
    func untouched() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let edit = try desk.start(
                ["edit", "letter-0", "--reason", "test"], ["VISUAL": "true", "TMPDIR": folder.path])
            #expect(try await edit.waitForExit() == .exited(0))
            #expect(edit.output == ["Nothing changed."])
            #expect(try await desk.ids(in: "orders.to-erp.dead") == ["letter-0"])
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == [])
        }
    }

    @Test("what was typed against the contract is kept for its person alone, and can be gone on with")
    func refused() async throws {
        try await Self.with(letters: 1) { desk, folder in
            let edit = try desk.start(
                ["edit", "letter-0", "--reason", "test"],
                ["VISUAL": "sed -i s/C62/metres/", "TMPDIR": folder.path])
            #expect(try await edit.waitForExit() == .exited(1))
            #expect(Self.mention(edit.errors, "/data/lines/0/unit"), "\(edit.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let name = try #require(names.first)
            let path = folder.file(name) + "/body.json"
            #expect(Self.mention(edit.errors, path))
            var status = stat()
            let result = stat(path, &status)
            #expect(result == 0 && status.st_mode & 0o077 == 0)
            let typed = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            #expect(typed.contains("metres"))
            let mended = try Self.file(typed.replacing("metres", with: "MTR"), in: folder)
            _ = try await desk.run(["edit", "letter-0", "--document", mended, "--reason", "test"])
            #expect(try await desk.ids(in: "orders.to-erp").count == 1)
        }
    }

    @Test("without an editor and without a ledger it says so before anything happens")
    func refusals() async throws {
        try await Self.with(letters: 1) { desk, _ in
            let edit = ["edit", "letter-0", "--reason", "test"]
            let bare = try desk.start(edit, ["VISUAL": "", "EDITOR": " "])
            #expect(try await bare.waitForExit() == .exited(64))
            let lost = try desk.start(edit, ["STEVEDORE_LEDGER_PATH": "/nonexistent/ledger.db", "EDITOR": "true"])
            #expect(try await lost.waitForExit() == .exited(78))
            #expect(lost.errors.first?.contains("There is no ledger at /nonexistent/ledger.db") == true)
            let unknown = try desk.start(["edit", "nobody", "--reason", "test"], ["EDITOR": "true"])
            #expect(try await unknown.waitForExit() == .exited(1))
            #expect(try await desk.ids(in: "orders.to-erp.dead") == ["letter-0"])
        }
    }

    @Test("programs get what was done, or every fault, as JSON")
    func json() async throws {
        let wrong = #"[{"op": "replace", "path": "/data/lines/0/unit", "value": "metres"}]"#
        try await Self.with(letters: 1) { desk, folder in
            let path = try Self.file(wrong, in: folder)
            let edit = ["edit", "letter-0", "--reason", "test", "--json", "--patch"]
            let refused = try desk.start(edit + [path])
            #expect(try await refused.waitForExit() == .exited(1))
            let faults = try JSONTree(parsing: Array(refused.output.joined().utf8))
            #expect(faults["code"]?.text == "\"dead-letter.contract\"" && faults["editedAs"]?.text == "null")
            _ = try Self.file(Self.sku, in: folder)
            let answer = try await desk.run(edit + [path])
            let said = try JSONTree(parsing: Array(answer.utf8))
            #expect(said["isPublished"]?.text == "true" && said["isOffQueue"]?.text == "true")
            #expect(try await desk.ids(in: "orders.to-erp").count == 1)
        }
    }
}
