import FleetTesting
import Ledger
import Models
import Testing

/// The program on a ledger; no broker is asked for groups.
@Suite("dead-letter groups", .timeLimit(.minutes(3)))
struct GroupsCommandTests {
    private static func letter(_ number: Int, _ fingerprint: String, code: String) -> DeadLetterRecord {
        let time = Timestamp.now().microseconds - 60_000_000
        return DeadLetterRecord(
            id: "letter-\(number)", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
            subject: "SO-\(number)", revision: 1, code: code, category: "rejected", sentence: "The ERP says no.",
            fingerprint: fingerprint, attempts: 1, firstFailedAt: time, lastFailedAt: time)
    }

    /// A ledger with two groups whose fingerprints begin alike.
    private static func withGroups(_ body: (TemporaryDirectory) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        let ledger = try Ledger.open(path: folder.file("ledger.db"))
        try await ledger.write { transaction in
            for number in 0..<3 {
                try transaction.recordDeadLetter(letter(number, "aa110000", code: "rejected.unknown-sku"))
            }
            try transaction.recordDeadLetter(letter(9, "aa220000", code: "rejected.credit-limit"))
        }
        await ledger.close()
        try await body(folder)
        withExtendedLifetime(folder) {}
    }

    private struct Answer {
        var status: FleetTesting.ExitStatus
        var output: String
        var errors: String
    }

    private static func run(_ folder: TemporaryDirectory, _ arguments: String...) async throws -> Answer {
        let process = try ChildProcess(
            "dead-letter", arguments: ["groups"] + arguments,
            environment: ["STEVEDORE_LEDGER_PATH": folder.file("ledger.db")])
        let status = try await process.waitForExit(within: .seconds(60))
        return Answer(
            status: status, output: process.output.joined(separator: "\n"),
            errors: process.errors.joined(separator: "\n"))
    }

    @Test("lists the largest group first, of the letters that the filters mean")
    func list() async throws {
        try await Self.withGroups { folder in
            let all = try await Self.run(folder)
            let lines = all.output.split(separator: "\n")
            #expect(all.status == .exited(0) && lines.count == 3, "\(all)")
            #expect(lines.dropFirst().first?.hasPrefix("aa110000") == true)
            let some = try await Self.run(folder, "--code", "*.credit-limit", "--json")
            #expect(some.output.contains("aa220000") && !some.output.contains("aa110000"), "\(some)")
            let none = try await Self.run(folder, "--older", "2h")
            #expect(none.output == "No groups of dead letters.", "\(none)")
        }
    }

    @Test("a note, a person and silence are kept; the later of two people hears of the earlier one")
    func people() async throws {
        try await Self.withGroups { folder in
            let noted = try await Self.run(folder, "annotate", "aa11", "ask the supplier", "--by", "anna")
            #expect(noted.output == #"Group aa110000 has the note "ask the supplier"."#, "\(noted)")
            let assigned = try await Self.run(folder, "assign", "aa110000", "carl", "--by", "bob")
            #expect(assigned.output.hasPrefix("Group aa110000 is assigned to carl.\nBefore: note \"ask the supplier\""))
            #expect(assigned.output.contains("changed by anna"), "\(assigned)")
            let silenced = try await Self.run(folder, "silence", "aa11", "--until", "2d", "--by", "bob")
            #expect(silenced.output.hasPrefix("Group aa110000 is silenced until 2"), "\(silenced)")
            let list = try await Self.run(folder)
            #expect(!list.output.contains("aa110000") && list.output.contains("aa220000"), "\(list)")
            #expect(list.errors == "dead-letter: 1 group more is silenced; --silenced shows all")
            let shown = try await Self.run(folder, "--silenced")
            #expect(shown.output.contains("carl: ask the supplier; silenced until"), "\(shown)")
            let page = try await Self.run(folder, "show", "aa11")
            for word in ["3 open", "ask the supplier", "carl", "letter-2", "annotate", "assign", "silence", "by bob"] {
                #expect(page.output.contains(word), "\(word): \(page)")
            }
        }
    }

    @Test("what was said can be taken back")
    func takenBack() async throws {
        try await Self.withGroups { folder in
            _ = try await Self.run(folder, "annotate", "aa22", "a slip")
            _ = try await Self.run(folder, "assign", "aa22", "carl")
            _ = try await Self.run(folder, "silence", "aa22", "--until", "2099-01-01T00:00:00Z")
            let answers = [
                try await Self.run(folder, "annotate", "aa22", ""),
                try await Self.run(folder, "assign", "aa22", "--nobody"),
                try await Self.run(folder, "silence", "aa22", "--no"),
            ]
            #expect(answers.allSatisfy { $0.status == .exited(0) }, "\(answers)")
            let page = try await Self.run(folder, "show", "aa22", "--json")
            for member in [#""note": null"#, #""assignee": null"#, #""silencedUntil": null"#, #""open": 1"#] {
                #expect(page.output.contains(member), "\(member): \(page)")
            }
        }
    }

    @Test("a group that is not there, or not the only one, is refused with exit code 1 and changes nothing")
    func refused() async throws {
        try await Self.withGroups { folder in
            let unknown = try await Self.run(folder, "annotate", "bb", "text")
            #expect(unknown.status == .exited(1))
            #expect(unknown.errors.hasPrefix("dead-letter: No dead letter has the fingerprint bb."), "\(unknown)")
            let ambiguous = try await Self.run(folder, "assign", "aa", "carl")
            #expect(ambiguous.status == .exited(1))
            #expect(ambiguous.errors.contains("begins with aa: aa110000, aa220000."), "\(ambiguous)")
            let shown = try await Self.run(folder, "show", "aa1100001")
            #expect(shown.status == .exited(1))
            let ledger = try Ledger.openReadOnly(path: folder.file("ledger.db"))
            let actions = try await ledger.read { try $0.operatorActions() }
            let notes = try await ledger.read { try $0.groupNotes(of: ["aa110000", "aa220000", "bb", "aa"]) }
            await ledger.close()
            #expect(actions.isEmpty && notes.isEmpty)
        }
    }

    private static let slips: [[String]] = [
        ["silence", "aa11"], ["silence", "aa11", "--until", "soon"], ["silence", "aa11", "--until", "2d", "--no"],
        ["silence", "aa11", "--until", "2020-01-01T00:00:00Z"], ["assign", "aa11"],
        ["assign", "aa11", "carl", "--nobody"], ["annotate", "aa11"], ["show", ""], ["list", "--state", "gone"],
        ["list", "--browse", "--state", "resolved"], ["--limit", "0"],
    ]

    @Test("a slip is exit code 64", arguments: slips)
    func usage(arguments: [String]) async throws {
        let process = try ChildProcess("dead-letter", arguments: ["groups"] + arguments)
        let status = try await process.waitForExit(within: .seconds(60))
        #expect(status == .exited(64), "\(process.errors)")
    }

    @Test("without a ledger nothing is written, none is made, and the exit code is 78")
    func noLedger() async throws {
        let folder = try TemporaryDirectory()
        for arguments in [["annotate", "aa11", "text"], ["show", "aa11"], ["list", "--state", "resolved"]] {
            let process = try ChildProcess(
                "dead-letter", arguments: ["groups"] + arguments,
                environment: ["STEVEDORE_LEDGER_PATH": folder.file("none.db")])
            let status = try await process.waitForExit(within: .seconds(60))
            #expect(status == .exited(78), "\(process.errors)")
            #expect(process.errors.first?.contains("There is no ledger at") == true)
        }
        #expect(throws: LedgerError.self) { try Ledger.openReadOnly(path: folder.file("none.db")) }
        withExtendedLifetime(folder) {}
    }

    @Test("looking into the queues, groups what lies there and leaves it as it was", .needsBroker)
    func browse() async throws {
        try await Desk.with(letters: 3) { desk in
            let list = try await desk.run(["groups", "--browse", "--json"])
            #expect(list.contains(#""count": 3"#) && list.contains(#""code": "rejected.unknown-sku""#), "\(list)")
            let none = try await desk.run(["groups", "--browse", "--code", "malformed.*"])
            #expect(none == "No groups of dead letters.")
            try await desk.host.waitForDepth(of: "orders.to-erp.dead") { $0.ready == 3 }
        }
    }
}
