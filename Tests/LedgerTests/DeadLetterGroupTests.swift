import Testing

@testable import Ledger

@Suite("Groups of dead letters")
struct DeadLetterGroupTests {
    private static func letter(
        _ id: String, _ fingerprint: String, at time: Int64, _ state: DeadLetterState = .open, subject: String? = "A"
    ) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.dead", flow: "orders", type: "order.placed.v1", subject: subject, revision: 2,
            code: "rejected.unknown-sku", category: "rejected", sentence: "SKU X is unknown.",
            fingerprint: fingerprint, attempts: 1, firstFailedAt: time - 5, lastFailedAt: time, state: state)
    }

    private static func fill(_ ledger: Ledger, _ letters: [DeadLetterRecord]) async throws {
        try await ledger.write { transaction in
            for letter in letters { try transaction.recordDeadLetter(letter) }
        }
    }

    /// Two causes in several states.
    private static let mixed = [
        letter("1", "ab01", at: 10), letter("2", "ab01", at: 30, .resolved), letter("3", "ab01", at: 20, .replayed),
        letter("4", "ab02", at: 40), letter("5", "ab02", at: 15), letter("6", "cd", at: 50, .discarded),
    ]

    private static func plan(
        _ statement: (sql: String, values: [SQLValue]), _ ledger: Ledger
    ) async throws -> [String] {
        let (sql, values) = ("EXPLAIN QUERY PLAN " + statement.sql, statement.values + [.integer(.max), .integer(1)])
        return try await ledger.read { try $0.query(text: sql, values) { $0.text(3) } }
    }

    @Test("count the letters of the state that is asked for, or of all, and show the newest of them")
    func states() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.fill(ledger, Self.mixed)
            let open = try await ledger.read { try $0.deadLetterGroups() }
            #expect(open.map(\.fingerprint) == ["ab02", "ab01"])
            #expect(open.map(\.count) == [2, 1])
            #expect(open.map(\.latest.id) == ["4", "1"])
            let all = try await ledger.read { try $0.deadLetterGroups(DeadLetterFilter(state: nil)) }
            #expect(all.map(\.fingerprint) == ["ab01", "ab02", "cd"])
            #expect(all.map(\.count) == [3, 2, 1])
            #expect(all.map(\.latest.id) == ["2", "4", "6"])
            #expect(all.map(\.firstFailedAt) == [5, 10, 45])
            #expect(all.map(\.lastFailedAt) == [30, 40, 50])
            let largest = try await ledger.read { try $0.deadLetterGroups(DeadLetterFilter(state: nil), limit: 1) }
            #expect(largest.map(\.fingerprint) == ["ab01"])
        }
    }

    @Test("filters hold for the count and for the example")
    func filtered() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.fill(ledger, Self.mixed + [Self.letter("7", "ab01", at: 99, subject: "B")])
            let early = try await ledger.read { try $0.deadLetterGroups(DeadLetterFilter(before: 20)) }
            #expect(early.map(\.fingerprint) == ["ab01", "ab02"])
            #expect(early.map(\.latest.id) == ["1", "5"])
            let ofA = try await ledger.read { try $0.deadLetterGroups(DeadLetterFilter(subject: "A")) }
            #expect(ofA.map(\.count) == [2, 1])
            #expect(ofA.map(\.latest.id) == ["4", "1"])
        }
    }

    @Test("are counted within one index, whatever the state and the time", arguments: [nil, DeadLetterState.open])
    func countingPlan(state: DeadLetterState?) async throws {
        try await withLedger { ledger, _ async throws in
            let index = "dead_letter USING COVERING INDEX dead_letter_cause"
            let step = state == nil ? "SCAN \(index)" : "SEARCH \(index) (state=?)"
            let plain = try await Self.plan(DeadLetterFilter(state: state).groupStatement, ledger)
            #expect(plain.contains(step), "\(plain)")
            let timed = try await Self.plan(DeadLetterFilter(state: state, since: 1, before: 9).groupStatement, ledger)
            #expect(state == nil || timed.contains(step), "\(timed)")
            let cause = try await Self.plan(DeadLetterFilter(state: state, fingerprint: "f").groupStatement, ledger)
            #expect(cause.contains("SEARCH \(index) (state=? AND fingerprint=?)"), "\(cause)")
        }
    }

    @Test("lists are read by cause, by business key or in the order of time, never by sorting all")
    func listPlans() async throws {
        try await withLedger { ledger, _ async throws in
            let search = "SEARCH dead_letter USING INDEX"
            let cause = try await Self.plan(
                DeadLetterFilter(fingerprintPrefix: "ab").listStatement(byState: true), ledger)
            #expect(
                cause.contains("\(search) dead_letter_cause (state=? AND fingerprint>? AND fingerprint<?)"),
                "\(cause)")
            let key = try await Self.plan(
                DeadLetterFilter(subjectPattern: "SO-10*").listStatement(byState: false), ledger)
            #expect(key.contains("\(search) dead_letter_subject (subject>? AND subject<?)"), "\(key)")
            let code = try await Self.plan(
                DeadLetterFilter(codePattern: "malformed.*").listStatement(byState: false), ledger)
            #expect(code.contains("SCAN dead_letter USING INDEX dead_letter_time"), "\(code)")
        }
    }

    @Test("many letters of a state are listed as few are")
    func many() async throws {
        try await withLedger { ledger, _ async throws in
            let letters = (1...10_001).map { Self.letter("\($0)", "f\($0 % 7)", at: Int64($0)) }
            try await Self.fill(ledger, letters)
            let newest = try await ledger.read { try $0.deadLetters(DeadLetterFilter(), limit: 3) }
            #expect(newest.map(\.id) == ["10001", "10000", "9999"])
            _ = try await ledger.write { try $0.updateDeadLetter(id: "10000", from: .open, to: .replayed) }
            let fewer = try await ledger.read { try $0.deadLetters(DeadLetterFilter(), limit: 2) }
            #expect(fewer.map(\.id) == ["10001", "9999"])
        }
    }

    @Test(
        "a pattern's stars and question marks are special, and nothing else is",
        arguments: [
            ("a[1]*", ["a[1]", "a[1]x"]), ("a?", ["a1"]), ("*[*", ["a[1]", "a[1]x"]), ("A*", []),
            ("?[1]", ["a[1]"]), ("é*", ["é2"]),
        ] as [(String, [String])])
    func patterns(pattern: String, expected: [String]) async throws {
        try await withLedger { ledger, _ async throws in
            let subjects = ["a[1]", "a[1]x", "a1", "é2", "b"]
            let letters = subjects.map { Self.letter($0, "f", at: 10, subject: $0) }
            try await Self.fill(ledger, letters + [Self.letter("none", "f", at: 10, subject: nil)])
            let found = try await ledger.read { try $0.deadLetters(DeadLetterFilter(subjectPattern: pattern)) }
            #expect(found.map(\.id).sorted() == expected)
        }
    }

    @Test("the texts that begin so end before the next character, if there is one")
    func ends() {
        #expect(DeadLetterFilter.end(of: "ab") == "ac")
        #expect(DeadLetterFilter.end(of: "\u{D7FF}") == "\u{E000}")
        #expect(DeadLetterFilter.end(of: "a\u{10FFFF}") == "b")
        #expect(DeadLetterFilter.end(of: "\u{10FFFF}") == nil)
        #expect(DeadLetterFilter.end(of: "") == nil)
    }

    @Test("a fingerprint is found by its beginning, in any state; a whole one leads to itself alone")
    func beginnings() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.fill(ledger, Self.mixed + [Self.letter("8", "ab", at: 1, .resolved)])
            let found = try await ledger.read { snapshot in
                try ["a", "ab", "ab0", "c", "x", "ab01x"].map { try snapshot.deadLetterFingerprints(beginning: $0) }
            }
            #expect(found == [["ab", "ab01", "ab02"], ["ab"], ["ab01", "ab02"], ["cd"], [], []])
            let two = try await ledger.read { try $0.deadLetterFingerprints(beginning: "a", limit: 2) }
            #expect(two == ["ab", "ab01"])
        }
    }

    @Test("of two people the later one wins, is told what was there, and leaves the rest; each is written down")
    func people() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.fill(ledger, Self.mixed)
            let first = try await ledger.write {
                try $0.setGroupNote(.note("ask"), of: "ab02", by: "anna", reason: "ask", at: 100)
            }
            #expect(first == nil)
            _ = try await ledger.write {
                try $0.setGroupNote(.assignee("carl"), of: "ab02", by: "anna", reason: "carl", at: 110)
            }
            let before = try await ledger.write {
                try $0.setGroupNote(.note("asked"), of: "ab02", by: "bob", reason: "asked", at: 120)
            }
            #expect(before?.note == "ask" && before?.changedBy == "anna" && before?.changedAt == 110)
            let notes = try await ledger.read { try $0.groupNotes(of: ["ab01", "ab02"]) }
            let expected = DeadLetterGroupNote(
                fingerprint: "ab02", note: "asked", assignee: "carl", changedBy: "bob", changedAt: 120)
            #expect(notes == ["ab02": expected])
            let actions = try await ledger.read { try $0.operatorActions(ofGroup: "ab02") }
            #expect(actions.map(\.action) == ["annotate", "assign", "annotate"])
            #expect(actions.map(\.by) == ["bob", "anna", "anna"])
            let action = OperatorAction(
                at: 120, by: "bob", action: "annotate", reason: "asked", flow: "orders", letters: 2,
                detail: "fingerprint ab02")
            #expect(actions.first == action)
            let others = try await ledger.read { try $0.operatorActions(ofGroup: "ab01") }
            #expect(others.isEmpty)
        }
    }

    @Test("a silenced group is left out until its time has come, and counted where it has letters that are meant")
    func silence() async throws {
        try await withLedger { ledger, _ async throws in
            try await Self.fill(ledger, Self.mixed)
            for fingerprint in ["ab02", "cd"] {
                _ = try await ledger.write {
                    try $0.setGroupNote(.silence(until: 500), of: fingerprint, by: "anna", reason: "r", at: 100)
                }
            }
            let hidden = try await ledger.read { try $0.deadLetterGroups(silencedAt: 499) }
            #expect(hidden.map(\.fingerprint) == ["ab01"])
            let shown = try await ledger.read { try $0.deadLetterGroups(silencedAt: 500) }
            #expect(shown.map(\.fingerprint) == ["ab02", "ab01"])
            let counts = try await ledger.read { snapshot in
                [
                    try snapshot.silencedGroupCount(DeadLetterFilter(), at: 499),
                    try snapshot.silencedGroupCount(DeadLetterFilter(state: nil), at: 499),
                    try snapshot.silencedGroupCount(DeadLetterFilter(fingerprint: "ab01"), at: 499),
                    try snapshot.silencedGroupCount(DeadLetterFilter(state: nil), at: 500),
                ]
            }
            #expect(counts == [1, 2, 0, 0])
            _ = try await ledger.write {
                try $0.setGroupNote(.silence(until: nil), of: "ab02", by: "bob", reason: "r", at: 200)
            }
            let ended = try await ledger.read { try $0.deadLetterGroups(silencedAt: 499) }
            #expect(ended.map(\.fingerprint) == ["ab02", "ab01"])
        }
    }
}
