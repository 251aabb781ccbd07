import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import DeadLetter

@Suite("Keeping recipes")
struct RecipeLedgerTests {
    private static let order = ReplayOrder(by: "anna", reason: "unit corrected")
    private static let now = Timestamp.now()

    private static func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { folder in
            let path = folder.file("ledger.db")
            let empty = try Ledger.open(path: path)
            let none = try await empty.read { try $0.recipes() }
            #expect(none.isEmpty)
            await empty.close()
            let configuration = try Configuration(file: nil, environment: ["STEVEDORE_LEDGER_PATH": path])
            let ledger = try await ReplayLedger.open(configuration).ledger
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func recipe(
        _ patch: String = #"[{"op":"remove","path":"/a"}]"#, note: String = "mends a"
    ) -> Recipe {
        Recipe(name: "unit-mtr", patch: patch, note: note, savedBy: "anna", savedAt: now.microseconds)
    }

    private static func save(
        _ recipe: Recipe, isReplacing: Bool = false, in ledger: Ledger
    ) async throws -> RecipeSaving {
        try await ledger.write { try $0.save(recipe, isReplacing: isReplacing) }
    }

    private static func recipes(_ ledger: Ledger) async throws -> [Recipe] {
        try await ledger.read { try $0.recipes() }
    }

    @Test("what is saved is there as it was said, and who saved it is written down")
    func save() async throws {
        try await Self.withLedger { ledger in
            let saving = try await Self.save(Self.recipe(), in: ledger)
            #expect(saving == .saved(before: nil))
            #expect(try await Self.recipes(ledger) == [Self.recipe()])
            let found = try await ledger.read { try $0.recipe(named: "unit-mtr") }
            let other = try await ledger.read { try $0.recipe(named: "unit-MTR") }
            #expect(found == Self.recipe() && other == nil)
            let actions = try await ledger.read { try $0.operatorActions() }
            #expect(actions.map(\.action) == ["recipe"])
            #expect(actions.first?.by == "anna" && actions.first?.reason == "mends a")
            #expect(actions.first?.detail == #"saved unit-mtr: [{"op":"remove","path":"/a"}]"#)
        }
    }

    @Test("another patch takes a known name only when that is said; another note always does")
    func known() async throws {
        try await Self.withLedger { ledger in
            _ = try await Self.save(Self.recipe(), in: ledger)
            let other = Self.recipe(#"[{"op":"remove","path":"/b"}]"#)
            let refused = try await Self.save(other, in: ledger)
            #expect(refused == .refused(Self.recipe()))
            #expect(try await Self.recipes(ledger) == [Self.recipe()])
            let noted = try await Self.save(Self.recipe(note: "mends more"), in: ledger)
            #expect(noted == .saved(before: Self.recipe()))
            let replaced = try await Self.save(other, isReplacing: true, in: ledger)
            #expect(replaced == .saved(before: Self.recipe(note: "mends more")))
            #expect(try await Self.recipes(ledger) == [other])
            let count = try await ledger.read { try $0.operatorActions().count }
            #expect(count == 3)
        }
    }

    @Test("what is removed is gone, and its patch can still be told")
    func remove() async throws {
        try await Self.withLedger { ledger in
            _ = try await Self.save(Self.recipe(), in: ledger)
            let removed = try await ledger.write { try $0.removeRecipe(named: "unit-mtr", by: "bert", at: 2) }
            let again = try await ledger.write { try $0.removeRecipe(named: "unit-mtr", by: "bert", at: 3) }
            #expect(removed == Self.recipe() && again == nil)
            #expect(try await Self.recipes(ledger) == [])
            let actions = try await ledger.read { try $0.operatorActions() }
            #expect(actions.map(\.by) == ["bert", "anna"])
            #expect(actions.first?.detail == #"removed unit-mtr: [{"op":"remove","path":"/a"}]"#)
        }
    }

    @Test(
        "a name is plain text of a command line",
        arguments: [
            ("unit-mtr", true), ("a", true), ("A.b_2", true), (String(repeating: "x", count: 64), true), ("", false),
            (String(repeating: "x", count: 65), false), ("a b", false), ("a/b", false), ("é", false), ("a\n", false),
        ])
    func names(name: String, isName: Bool) {
        #expect(Recipe.isName(name) == isName)
    }

    // MARK: - A batch

    private static func letter(_ number: Int) throws -> Letter {
        let body = String(decoding: try Letters.order("W-\(number)", id: "m-\(number)"), as: UTF8.self)
        return Letters.make(id: "m-\(number)", body: body)
    }

    private static func taken(_ letter: Letter) throws -> TakenLetter {
        let patch = try JSONPatch(parsing: Array(#"[{"op":"replace","path":"/data/lines/0/sku","value":"X-9"}]"#.utf8))
        return TakenLetter(letter: letter, correction: try LetterEdit(.patch(patch), order, at: now).corrected(letter))
    }

    private static func record(_ letters: [TakenLetter], _ ledger: Ledger) async throws -> RecordedCorrections {
        try await ledger.write { transaction in
            var recorded = RecordedCorrections()
            for taken in letters { try recorded.add(taken, order, in: transaction, holder: "me", at: now) }
            return recorded
        }
    }

    @Test("a letter that somebody has dealt with is left, and costs the others nothing")
    func dealtWith() async throws {
        try await Self.withLedger { ledger in
            let letters = try (0..<3).map { try Self.taken(try Self.letter($0)) }
            _ = try await Self.record([letters[1]], ledger)
            let again = try Self.taken(letters[1].letter)
            let recorded = try await Self.record([letters[0], again, letters[2]], ledger)
            #expect(recorded.done.map(\.letter.id) == ["m-0", "m-2"])
            #expect(recorded.refusals.count == 1)
            let count = try await ledger.read { try $0.outboxCount() }
            // Each with its copy for the queue that only looks on.
            #expect(count == 6)
        }
    }

    @Test("a letter that lies there twice is corrected once, and both come off their queue")
    func twins() async throws {
        try await Self.withLedger { ledger in
            let letter = try Self.letter(0)
            let recorded = try await Self.record([try Self.taken(letter), try Self.taken(letter)], ledger)
            #expect(recorded.done.count == 2 && recorded.refusals.isEmpty && recorded.outbox.count == 1)
            #expect(Set(recorded.done.compactMap(\.correction?.id)).count == 1)
        }
    }

    @Test("of one subject, the next message is taken once the one before it is published")
    func order() async throws {
        try await Self.withLedger { ledger in
            let bodies = try (1...3).map { try Letters.order("W-1", revision: $0, id: "m-\($0)") }
            let letters = try bodies.enumerated().map { index, body in
                try Self.taken(Letters.make(id: "m-\(index + 1)", body: String(decoding: body, as: UTF8.self)))
            }
            var outbox = try await Self.record(letters, ledger).outbox
            var revisions: [[Int64]] = []
            while !outbox.ready.isEmpty {
                revisions.append(outbox.ready.map(\.message.revision))
                let sent = outbox
                outbox = try await ledger.write { try sent.advanced(in: $0, holder: "me", at: Self.now) }
            }
            #expect(revisions == [[1], [2], [3]] && outbox.waiting.isEmpty)
            let count = try await ledger.read { try $0.outboxCount() }
            #expect(count == 0)
        }
    }

    @Test("a message that a worker is about to publish is left to that worker")
    func leased() async throws {
        try await Self.withLedger { ledger in
            let taken = try Self.taken(try Self.letter(0))
            let message = try #require(taken.correction)
            let later = Self.now.microseconds + 60_000_000
            let rows = try await ledger.write { transaction in
                try transaction.enqueueOutbox(message.outbox, at: Self.now.microseconds)
                _ = try transaction.leaseOutbox(limit: 9, holder: "worker", lease: .seconds(30), now: later)
                return try transaction.lease(message, to: "me", at: Self.now)
            }
            #expect(rows == nil)
        }
    }
}
