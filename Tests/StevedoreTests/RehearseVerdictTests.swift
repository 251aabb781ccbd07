import Testing

@testable import Stevedore

@Suite("The verdict of a rehearsal")
struct RehearseVerdictTests {
    /// Four orders: as placed, amended, called off, and called off before the ERP heard of it.
    private struct Desk {
        var book = OrderBook()
        var erp: [String: RehearsalVerdict.Standing] = [:]
        var shown: [String: (revision: Int64?, state: String)] = [:]
        var doubled: [String] = []

        init() {
            for index in 0..<4 { book.note(.init(index: index, revision: 1, kind: .placed)) }
            book.note(.init(index: 1, revision: 2, kind: .amended))
            for index in [2, 3] { book.note(.init(index: index, revision: 2, kind: .cancelled)) }
            set(0, revision: 1, "accepted")
            set(1, revision: 2, "accepted")
            set(2, revision: 2, "cancelled")
            shown[OrderBook.number(3)] = (nil, "cancelled")
        }

        mutating func set(_ index: Int, revision: Int64, _ state: String) {
            erp[OrderBook.number(index)] = .init(revision: revision, state: state)
            shown[OrderBook.number(index)] = (revision, state)
        }

        var verdict: RehearsalVerdict {
            RehearsalVerdict(book: book, erp: erp, doubled: doubled, shown: shown)
        }
    }

    private static func verdict(_ change: (inout Desk) -> Void) -> RehearsalVerdict {
        var desk = Desk()
        change(&desk)
        return desk.verdict
    }

    @Test("everything in its place is good, also what was called off before the ERP heard of it")
    func good() {
        let verdict = Self.verdict { _ in }
        #expect(verdict.isGood)
        #expect(verdict.right == 2 && verdict.calledOff == 2)
        let allGood = verdict.rows.allSatisfy(\.isGood)
        #expect(allGood)
    }

    @Test("an order that the ERP lacks is lost, and named")
    func lost() {
        let verdict = Self.verdict { $0.erp[OrderBook.number(0)] = nil }
        #expect(!verdict.isGood)
        #expect(verdict.lost.count == 1 && verdict.lost.some == [OrderBook.number(0)])
    }

    @Test("an older revision in the ERP is stale")
    func stale() {
        let verdict = Self.verdict { $0.set(1, revision: 1, "accepted") }
        #expect(verdict.stale.count == 1 && !verdict.isGood)
    }

    @Test("an order that was called off and lives in the ERP is said")
    func alive() {
        let verdict = Self.verdict { $0.set(2, revision: 1, "accepted") }
        #expect(verdict.alive.count == 1 && !verdict.isGood)
    }

    @Test("an order that was entered twice, or never sent, is said")
    func doubled() {
        let twice = Self.verdict { $0.doubled = [OrderBook.number(0)] }
        #expect(twice.doubled.count == 1 && !twice.isGood)
        let strange = Self.verdict { $0.erp["W-1"] = .init(revision: 1, state: "accepted") }
        #expect(strange.strange.some == ["W-1"] && !strange.isGood)
    }

    @Test("a store that shows something else than the ERP has, or nothing, was answered wrongly")
    func shown() {
        let older = Self.verdict { $0.shown[OrderBook.number(1)] = (1, "accepted") }
        #expect(older.wronglyShown.count == 1 && !older.isGood)
        let held = Self.verdict { $0.shown[OrderBook.number(0)] = (1, "held") }
        #expect(held.wronglyShown.count == 1 && !held.isGood)
        let unanswered = Self.verdict { $0.shown[OrderBook.number(0)] = (nil, "received") }
        #expect(unanswered.wronglyShown.count == 1 && !unanswered.isGood)
        let missing = Self.verdict { $0.shown[OrderBook.number(3)] = nil }
        #expect(missing.wronglyShown.count == 1 && !missing.isGood)
    }

    private static let blemishes: [@Sendable (inout RehearsalVerdict) -> Void] = [
        { $0.deadLetters = 1 }, { $0.unrouted = 1 }, { $0.spentAttempts = 1 }, { $0.staleStock = 1 },
        { $0.isDrained = false },
        {
            $0.mostReturns = 4
            $0.allowedReturns = 3
        },
        { $0.quotes = QuoteTally(asked: 1, answered: 0, missing: 1) },
        { $0.quotes = QuoteTally(asked: 1, answered: 1, late: 1) },
    ]

    @Test("each blemish by itself spoils it, and has a row that says so", arguments: 0..<8)
    func blemish(index: Int) {
        var verdict = Self.verdict { _ in }
        Self.blemishes[index](&verdict)
        #expect(!verdict.isGood)
        let bad = verdict.rows.count { !$0.isGood }
        #expect(bad == 1)
    }

    @Test("many are counted, and some named")
    func many() {
        var wrong = RehearsalVerdict.Wrong()
        for index in 0..<100 { wrong.add("W-\(index)") }
        #expect(wrong.count == 100 && wrong.some.count == 5)
    }

    @Test("questions that were answered in time are good, and the slowest is known")
    func quotes() {
        var tally = QuoteTally(asked: 2)
        tally.note(took: 0.01, isLate: false)
        #expect(!tally.isGood)
        tally.note(took: 0.2, isLate: false)
        #expect(tally.isGood && tally.slowest == 0.2)
    }
}
