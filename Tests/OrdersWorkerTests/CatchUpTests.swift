import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import OrdersWorker

@Suite("Orders that have waited for the ERP")
struct CatchUpTests {
    private static func text(_ state: SubjectState?) -> String { "\(state?.state ?? "-") \(state?.revision ?? 0)" }

    private static func text(_ status: OrderStatus) -> String { "\(status.state.rawValue) \(status.answeredRevision)" }

    @Test("of each story the ERP hears what it has to, and the store the end", arguments: CatchUpStory.all)
    func stories(story: CatchUpStory) async throws {
        try await CatchUpDesk.with { desk in
            try await story.play(desk)
            #expect(desk.calls == story.calls)
            let state = try await desk.state()
            #expect(Self.text(state) == story.state)
            let told = try await desk.statuses().map(Self.text)
            #expect(told == story.told)
            let left = try await desk.lastWords()[CatchUpDesk.number]
            #expect(left == story.left)
        }
    }

    @Test("the journal names what went in the place of each message, and that nothing was sent")
    func journal() async throws {
        try await CatchUpDesk.with { desk in
            for draft in [CatchUpDesk.Draft(revision: 1), .init(revision: 2), .init(revision: 3)] {
                try await desk.take(draft)
            }
            for revision in 1...3 { _ = try await desk.bring(.init(revision: Int64(revision))) }
            let steps = try await desk.steps()
            #expect(steps == ["1 superseded", "2 superseded", "3 claimed", "3 applied"])
            let first = try await desk.ledger.read { try $0.journalEntries(subject: CatchUpDesk.number).first }
            #expect(first?.detail == "revision 3 has been taken, and goes in its place")

            try await desk.take(.init(revision: 1), "W-2")
            try await desk.take(.init(revision: 2, isCancelled: true), "W-2")
            _ = try await desk.bring(.init(revision: 1), "W-2")
            _ = try await desk.bring(.init(revision: 2, isCancelled: true), "W-2")
            let others = try await desk.steps("W-2")
            #expect(others == ["1 withheld", "2 applied"])
        }
    }

    @Test("a message that need not be sent is acknowledged at once, one in another's hand waits")
    func endings() async throws {
        try await CatchUpDesk.with { desk in
            try await desk.take(.init(revision: 1))
            try await desk.take(.init(revision: 2))
            let passed = try await desk.bring(.init(revision: 1))
            guard case .settled = passed else {
                Issue.record("\(passed)")
                return
            }
            try await desk.claim(.init(revision: 2), at: Timestamp.now().microseconds)
            let busy = try await desk.bring(.init(revision: 1))
            guard case .detour(let way) = busy else {
                Issue.record("\(busy)")
                return
            }
            #expect(way.failure.code == "lease.busy")
        }
    }

    @Test("the store is told of a cancelled order as the ERP would tell of it, and has nothing reserved for it")
    func status() async throws {
        try await CatchUpDesk.with { desk in
            try await desk.take(.init(revision: 1))
            try await desk.take(.init(revision: 2, isCancelled: true))
            _ = try await desk.bring(.init(revision: 1))
            _ = try await desk.bring(.init(revision: 2, isCancelled: true))
            let status = try #require(try await desk.statuses().first)
            #expect(status.revision == 1 && status.answeredRevision == 2 && status.erpNumber == nil)
            #expect(status.reason?.code == "order.cancelled-unsent")
            #expect(!status.lines.isEmpty && status.contractFaults.isEmpty)
            let areOver = status.lines.allSatisfy { $0.status == .cancelled && $0.quantities.allocated == .zero }
            #expect(areOver)
            let answered = try await desk.ledger.read { snapshot in
                try snapshot.answeredRevision(family: Catalogue.orderStatus.family, subject: CatchUpDesk.number)
            }
            #expect(answered == 2)
        }
    }

    @Test("where the ERP is to have every cancellation, it alone is sent")
    func sent() async throws {
        try await CatchUpDesk.with(withholdsCancelled: false) { desk in
            try await desk.take(.init(revision: 1))
            try await desk.take(.init(revision: 2, isCancelled: true))
            _ = try await desk.bring(.init(revision: 1))
            _ = try await desk.bring(.init(revision: 2, isCancelled: true))
            #expect(desk.calls == ["cancel"])
        }
    }

    @Test("a replayed letter that is passed over is over; one that a person has yet to see to stays")
    func letters() async throws {
        try await CatchUpDesk.with { desk in
            try await desk.take(.init(revision: 1))
            try await desk.take(.init(revision: 2))
            try await desk.discard(.init(revision: 1))
            let id = "m-\(CatchUpDesk.number)-1"
            try await desk.ledger.write { transaction in
                _ = try transaction.updateDeadLetter(id: id, from: .discarded, to: .open)
            }
            _ = try await desk.bring(.init(revision: 1))
            let open = try await desk.ledger.read { try $0.deadLetter(id: id)?.state }
            #expect(open == .open)
            try await desk.ledger.write { transaction in
                _ = try transaction.updateDeadLetter(id: id, from: .open, to: .replayed)
            }
            _ = try await desk.bring(.init(revision: 1))
            let over = try await desk.ledger.read { try $0.deadLetter(id: id) }
            #expect(over?.state == .resolved && over?.note == "passed over for revision 2")
            #expect(desk.calls == [])
        }
    }

    @Test("two workers that have an order and its cancellation at the same time send nothing", .reportsSeed)
    func race() async throws {
        var random = SeededRandom()
        let numbers = (0..<40).map { "R-\($0)" }
        let drafts = [CatchUpDesk.Draft(revision: 1), .init(revision: 2), .init(revision: 3, isCancelled: true)]
        let orders = drafts.map { draft in (draft, numbers.shuffled(using: &random)) }
        try await CatchUpDesk.with { desk in
            for number in numbers { for draft in drafts { try await desk.take(draft, number) } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, (draft, numbers)) in orders.enumerated() {
                    group.addTask {
                        for number in numbers { _ = try await desk.bring(draft, number, by: "w-\(index)") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(desk.calls == [])
            let told = try await desk.statuses().map(Self.text)
            #expect(told == Array(repeating: "cancelled 3", count: numbers.count))
            #expect(try await desk.lastWords() == [:])
        }
    }
}
