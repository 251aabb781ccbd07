import Fleet
import FleetTesting
import FoundationEssentials
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Replaying with a recipe", .serialized, .needsBroker, .timeLimit(.minutes(5)))
struct RecipeBrokerTests {
    private static let count = 25
    private static let rename = #"[{"op": "replace", "path": "/data/lines/0/sku", "value": "X-9"}]"#
    /// Fits one letter alone.
    private static let one = #"""
        [{"op": "test", "path": "/data/number", "value": "SO-0"},
         {"op": "replace", "path": "/data/lines/0/sku", "value": "X-9"}]
        """#

    private static func with(
        _ patch: String, _ body: (Desk, String) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { folder in
            let path = folder.file("patch.json")
            try Data(patch.utf8).write(to: URL(filePath: path))
            try await Desk.with(letters: count) { desk in try await body(desk, path) }
        }
    }

    private static func replay(_ more: String...) -> [String] { ["replay", "--all", "--reason", "test"] + more }

    private struct Sent: Hashable {
        var id: String
        var subject: String
        var sku: String
    }

    /// Takes everything off the flow.
    private static func sent(_ desk: Desk) async throws -> [Sent] {
        try await desk.host.waitForDepth(of: "orders.to-erp") { $0.unacknowledged == 0 }
        let admin = try BrokerAdmin(configuration: desk.broker)
        let pointer = try #require(JSONPointer("/data/lines/0/sku"))
        var sent: [Sent] = []
        while let delivery = try await admin.get(queue: "orders.to-erp") {
            let body = try JSONTree(parsing: delivery.body.bytes)
            sent.append(
                Sent(
                    id: delivery.properties.messageID ?? "", subject: text(body["subject"]),
                    sku: text(try body.value(at: pointer))))
            try await admin.settle([.ack(delivery.tag)])
        }
        await admin.close()
        return sent
    }

    private static func text(_ tree: JSONTree?) -> String {
        guard case .string(let string)? = tree else { return "" }
        return string.value
    }

    /// Takes over what is in the outbox, once the leases of those who are gone are over.
    private static func outbox(_ desk: Desk) async throws -> [String] {
        let later = Timestamp.now().microseconds + 60_000_000
        let rows = try await desk.ledger.write {
            try $0.leaseOutbox(limit: 500, holder: "worker", lease: .seconds(1), now: later)
        }
        return rows.map(\.message.id)
    }

    /// The corrected message of each letter that has one.
    private static func successors(_ desk: Desk) async throws -> [String: String] {
        let pairs = try await desk.ledger.read { snapshot in
            try snapshot.query("SELECT subject, edited_as FROM dead_letter WHERE edited_as IS NOT NULL") {
                ($0.text(0), $0.text(1))
            }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func expectBodiesKept(_ desk: Desk) async throws {
        for number in 0..<count {
            let id = "letter-\(number)"
            let kept = try await desk.ledger.read { snapshot in
                let record = try snapshot.deadLetter(id: id)
                return try snapshot.payload(id: record?.payload ?? "")?.body
            }
            let body = try Letters.order("SO-\(number)", id: id)
            #expect(kept == body, "\(id)")
        }
    }

    private static func expectUntouched(_ desk: Desk) async throws {
        try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == count }
        let flow = try await desk.host.depth(of: "orders.to-erp")?.messages
        let waiting = try await desk.ledger.read { try $0.outboxCount() }
        let states = try await desk.states()
        #expect(flow == 0 && waiting == 0)
        #expect(Set(states) == ["open"])
    }

    @Test("a dry run shows the plan and the changes of three letters, and changes nothing", arguments: [true, false])
    func dryRun(isKept: Bool) async throws {
        try await Self.with(Self.rename) { desk, path in
            if isKept { try await desk.keepBodies(Self.count) }
            let run = try desk.start(Self.replay("--patch", path, "--dry-run"))
            #expect(try await run.waitForExit() == .exited(0), "\(run.errors)")
            let change = #"  /data/lines/0/sku: "BOLT-M8-40" → "X-9""#
            #expect(
                run.output == [
                    "letter-0 (SO-0):", change, "letter-1 (SO-1):", change, "letter-2 (SO-2):", change,
                    "Would replay 25 corrected letters.",
                ])
            let plan = run.errors.joined(separator: "\n")
            #expect(plan.contains(isKept ? "corrected, sent to the flow" : "tried in its turn"), "\(plan)")
            try await Self.expectUntouched(desk)
        }
    }

    @Test("each letter is corrected by the recipe and sent once, in order, and its own body is kept")
    func recipe() async throws {
        try await Self.with(Self.rename) { desk, path in
            let saved = try await desk.run(["recipes", "save", "sku", "--patch", path, "--note", "SKU renamed"])
            #expect(saved == "Saved the recipe sku: 1 operation.")
            let said = try await desk.run(Self.replay("--recipe", "sku", "--by", "anna"))
            #expect(said == "Replayed 25 corrected letters.")
            let sent = try await Self.sent(desk)
            #expect(sent.map(\.subject) == (0..<Self.count).map { "SO-\($0)" })
            #expect(Set(sent.map(\.sku)) == ["X-9"])
            let successors = try await Self.successors(desk)
            let bySubject = Dictionary(sent.map { ($0.subject, $0.id) }, uniquingKeysWith: { first, _ in first })
            #expect(successors == bySubject)
            let dead = try await desk.ids(in: "orders.to-erp.dead")
            let waiting = try await desk.ledger.read { try $0.outboxCount() }
            #expect(dead == [] && waiting == 0)
            try await Self.expectBodiesKept(desk)
            let actions = try await desk.ledger.read { try $0.operatorActions() }
            #expect(actions.map(\.action) == ["edit", "recipe"])
            #expect(actions.first?.letters == 25 && actions.first?.by == "anna")
            #expect(actions.first?.detail == "by recipe sku, from letter-0")
        }
    }

    @Test("while the patch does not fit some, nothing moves; with --partial those alone stay")
    func partial() async throws {
        try await Self.with(Self.one) { desk, path in
            try await desk.keepBodies(Self.count)
            let refused = try desk.start(Self.replay("--patch", path))
            #expect(try await refused.waitForExit() == .exited(1))
            let errors = refused.errors.joined(separator: "\n")
            #expect(errors.contains("The patch does not fit 24 letters, so nothing moves."), "\(errors)")
            #expect(errors.contains("letter-1 (SO-1): Operation 1"), "\(errors)")
            let dry = try desk.start(Self.replay("--patch", path, "--dry-run", "--json"))
            #expect(try await dry.waitForExit() == .exited(1))
            let json = dry.output.joined()
            #expect(json.contains(#""misfits":{"letters":24,"#) && json.contains(#""changes":[{"id":"letter-0""#))
            try await Self.expectUntouched(desk)
            let said = try await desk.run(Self.replay("--patch", path, "--partial"))
            #expect(said == "Replayed 1 corrected letter, 24 left: the patch does not fit.")
            let sent = try await Self.sent(desk)
            #expect(sent.map(\.subject) == ["SO-0"])
            let left = try await desk.ids(in: "orders.to-erp.dead")
            #expect(left == (1..<Self.count).map { "letter-\($0)" })
        }
    }

    @Test("a letter whose body only the queue has is tried in its turn, and ends the run there when it does not fit")
    func inTurn() async throws {
        try await Self.with(Self.one) { desk, path in
            let stopped = try desk.start(Self.replay("--patch", path))
            #expect(try await stopped.waitForExit() == .exited(1))
            let errors = stopped.errors.joined(separator: "\n")
            #expect(errors.contains("Stopped: the patch does not fit letter-1 (SO-1)"), "\(errors)")
            // What was in hand with it stays as well.
            try await Self.expectUntouched(desk)
        }
    }

    @Test(
        "killed at any point, the same command does the rest: one corrected message for each letter",
        arguments: [FaultPoint.afterReplayMark, .afterOutboxConfirm], [1, 10, 25])
    func killed(point: FaultPoint, letter: Int) async throws {
        try await Self.with(Self.rename) { desk, path in
            // With a rate, each letter is a batch of its own.
            let crash = try desk.start(
                Self.replay("--patch", path, "--rate", "10000"),
                ["STEVEDORE_CRASH_AT": "\(point.rawValue):\(letter)"])
            #expect(try await crash.waitForExit() == .signalled(9))
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == Self.count - letter + 1 }
            let before = try await Self.successors(desk)
            #expect(before.count == letter)
            let said = try await desk.run(Self.replay("--patch", path))
            let rest = Self.count - letter
            #expect(
                said == "Replayed \(Count.text(rest, "corrected letter")), 1 of an earlier run taken off the queue.")
            try await Self.expectAllOnce(desk, before)
            #expect(try await desk.ids(in: "orders.to-erp.dead") == [])
        }
    }

    @Test(
        "killed with a whole batch in hand, the same command only takes it off",
        arguments: [FaultPoint.afterReplayMark, .afterOutboxConfirm])
    func killedBatch(point: FaultPoint) async throws {
        try await Self.with(Self.rename) { desk, path in
            let crash = try desk.start(Self.replay("--patch", path), ["STEVEDORE_CRASH_AT": point.rawValue])
            #expect(try await crash.waitForExit() == .signalled(9))
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == Self.count }
            let before = try await Self.successors(desk)
            #expect(before.count == Self.count)
            let said = try await desk.run(Self.replay("--patch", path))
            #expect(said == "Replayed 0 corrected letters, 25 of an earlier run taken off the queue.")
            try await Self.expectAllOnce(desk, before)
        }
    }

    /// Every letter has one corrected message, in the flow or still in the outbox, and those of before are the same.
    private static func expectAllOnce(_ desk: Desk, _ before: [String: String]) async throws {
        let sent = try await Self.sent(desk)
        let waiting = try await Self.outbox(desk)
        let successors = try await Self.successors(desk)
        #expect(Set(sent.map(\.subject)).count == sent.count)
        #expect(Set(sent.map(\.id)).union(waiting) == Set(successors.values))
        #expect(successors.count == count && Set(successors.values).count == count)
        for (subject, id) in before { #expect(successors[subject] == id) }
        for message in sent { #expect(successors[message.subject] == message.id) }
        try await expectBodiesKept(desk)
    }

    @Test("recipes are saved, shown, listed and removed by the program, each with its exit code")
    func commands() async throws {
        try await Self.with(Self.rename) { desk, path in
            let save = ["recipes", "save", "sku", "--note", "SKU renamed", "--patch", path]
            _ = try await desk.run(save)
            try Data(Self.one.utf8).write(to: URL(filePath: path))
            let other = try desk.start(save)
            #expect(try await other.waitForExit() == .exited(1))
            #expect(other.errors.first?.contains("The recipe sku has another patch") == true)
            let shown = try await desk.run(["recipes", "show", "sku"])
            #expect(shown.contains("SKU renamed") && shown.contains(#""path": "/data/lines/0/sku""#), "\(shown)")
            let replaced = try await desk.run(save + ["--replace"])
            #expect(replaced.hasPrefix("Replaced the recipe sku: 2 operations."))
            let list = try await desk.run(["recipes", "--json"])
            #expect(list.contains(#""name": "sku""#) && list.contains(#""op": "test""#), "\(list)")
            _ = try await desk.run(["recipes", "remove", "sku"])
            for lost in [["recipes", "remove", "sku"], ["recipes", "show", "sku"], Self.replay("--recipe", "sku")] {
                let run = try desk.start(lost)
                #expect(try await run.waitForExit() == .exited(1))
                #expect(run.errors.first == "dead-letter: There is no recipe sku.")
            }
            #expect(try await desk.run(["recipes"]) == "No recipes.")
            let unreadable = try desk.start(Self.replay("--patch", "/nonexistent/patch.json"))
            #expect(try await unreadable.waitForExit() == .exited(64), "\(unreadable.errors)")
        }
    }

    private static let slips: [[String]] = [
        replay("--partial"), replay("--recipe", "a", "--patch", "b"), replay("--patch", "b", "--without-ledger"),
        replay("--patch", "b", "--queue", "unrouted"),
        ["recipes", "save", "a/b", "--patch", "-", "--note", "x"], ["recipes", "save", "a", "--patch", "-"],
        ["recipes", "save", "a", "--patch", "-", "--note", " "],
    ]

    @Test("a slip is exit code 64", arguments: slips)
    func usage(arguments: [String]) async throws {
        let process = try ChildProcess("dead-letter", arguments: arguments)
        let status = try await process.waitForExit(within: .seconds(60))
        #expect(status == .exited(64), "\(process.errors)")
    }

    @Test("a patch without operations, or that is none, is refused with exit code 64", arguments: ["[]", "{}", "[{}]"])
    func noPatch(text: String) async throws {
        try await Self.with(text) { desk, path in
            for arguments in [
                ["recipes", "save", "sku", "--note", "x", "--patch", path], Self.replay("--patch", path),
            ] {
                let run = try desk.start(arguments)
                #expect(try await run.waitForExit() == .exited(64), "\(run.errors)")
            }
            try await Self.expectUntouched(desk)
        }
    }
}
