import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What is expected of the ERP after an order")
struct ExpectationAnswerTests {
    @Test("an answer in time leaves nothing behind")
    func met() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 10)
            try await desk.run(watch, from: 30, to: 870)
            #expect(try await desk.rows() == ["order-answered W-1 1 waiting"])
            try await desk.answer("W-1", at: 880)
            #expect(try await desk.run(watch, from: 900, to: 1_800) == 0)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("one that does not come is missed when its time is over, and closes itself when it comes late")
    func late() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 10)
            #expect(try await desk.run(watch, from: 30, to: 900) == 0)
            #expect(try await desk.run(watch, from: 930, to: 960) == 1)
            let missed = try await desk.ledger.read { try $0.missedExpectations() }
            let expected = MissedExpectation(
                name: "order-answered", count: 1, subjects: ["W-1"], oldestSince: ExpectationDesk.at(10),
                latest: ExpectationDesk.at(930))
            #expect(missed == [expected])
            try await desk.answer("W-1", at: 2_000)
            #expect(try await desk.run(watch, from: 2_010, to: 2_010) == 0)
            #expect(try await desk.rows() == ["order-answered W-1 1 late"])
            #expect(try await desk.ledger.read { try $0.missedExpectations() }.isEmpty)
        }
    }

    @Test("each revision has its own time; the first that is not answered keeps its own")
    func revisions() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 600)
            try await desk.place("W-1", revision: 2, at: 601)
            try await desk.run(watch, from: 630, to: 630)
            try await desk.answer("W-1", revision: 1, at: 640)
            #expect(try await desk.run(watch, from: 660, to: 1_500) == 0)
            #expect(try await desk.rows() == ["order-answered W-1 2 waiting"])
            #expect(try await desk.run(watch, from: 1_530, to: 1_560) == 1)
        }
    }

    @Test("an answer to a newer revision answers the older ones, also one that is heard of later")
    func newer() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            try await desk.place("W-1", revision: 3, at: 31)
            try await desk.answer("W-1", revision: 3, at: 32)
            try await desk.journal("superseded", Catalogue.orderAmended, "W-1", 2, at: 33)
            try await desk.journal("claimed", Catalogue.orderAmended, "W-1", 2, at: 34)
            try await desk.run(watch, from: 60, to: 60)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("an order that is a dead letter has an alert of its own; its time begins anew when it is replayed")
    func letters() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.fail("W-1", at: 2)
            try await desk.journal("dead-lettered", Catalogue.orderPlaced, "W-1", at: 2)
            #expect(try await desk.run(watch, from: 30, to: 3_000) == 0)
            #expect(try await desk.rows() == ["order-answered W-1 1 waiting"])
            try await desk.settle("W-1", as: .replayed, "replayed", at: 3_001)
            #expect(try await desk.run(watch, from: 3_030, to: 3_900) == 0)
            #expect(try await desk.run(watch, from: 3_930, to: 3_960) == 1)
        }
    }

    @Test("a letter that is replayed after the journal was read, and before it is judged, has all its time again")
    func replayedMeanwhile() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.fail("W-1", at: 2)
            try await desk.journal("dead-lettered", Catalogue.orderPlaced, "W-1", at: 2)
            try await desk.run(watch, from: 30, to: 900)
            var clocks = try await desk.ledger.read { try $0.expectationClocks() }
            clocks[.erp]?.reading += 900_000_000
            try await desk.settle("W-1", as: .replayed, "replayed", at: 1_801)
            let look = ExpectationWatch.Desk(holder: "a", now: ExpectationDesk.at(1_801), hasTables: true)
            #expect(try await watch.judgeDue(ExpectationDesk.answered, clocks, look) == 0)
            #expect(try await desk.rows() == ["order-answered W-1 1 waiting"])
            let reading = try #require(clocks[.erp]?.reading)
            let left = try await desk.ledger.read { snapshot in
                try snapshot.openExpectations("order-answered", "order", "W-1").map(\.opened)
            }
            #expect(left == [reading])
        }
    }

    @Test("nothing is missed while more was written since than a step reads")
    func busyMeanwhile() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            var clocks = try await desk.ledger.read { try $0.expectationClocks() }
            clocks[.erp]?.reading += 900_000_000
            watch.stepsPerBatch = 2
            for number in 2...5 { try await desk.place("W-\(number)", at: 40) }
            let look = ExpectationWatch.Desk(holder: "a", now: ExpectationDesk.at(940), hasTables: true)
            #expect(try await watch.judgeDue(ExpectationDesk.answered, clocks, look) == 0)
            #expect(try await watch.judgeDue(ExpectationDesk.answered, clocks, look) == 0)
            #expect(try await watch.judgeDue(ExpectationDesk.answered, clocks, look) == 1)
        }
    }

    @Test("what is missed already is so no more when it becomes a dead letter")
    func missedLetter() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            #expect(try await desk.run(watch, from: 30, to: 930) == 1)
            try await desk.fail("W-1", at: 940)
            try await desk.run(watch, from: 960, to: 960)
            #expect(try await desk.rows() == ["order-answered W-1 1 waiting"])
            #expect(try await desk.ledger.read { try $0.missedExpectations() }.isEmpty)
        }
    }

    @Test("an order whose letter a person discards is not expected any more, also one heard of by its letter alone")
    func discarded() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 1)
            for number in ["W-1", "W-2"] {
                // The letter says when it failed; the step comes after it is confirmed.
                try await desk.fail(number, at: 2)
                try await desk.journal("dead-lettered", Catalogue.orderPlaced, number, at: 3)
            }
            try await desk.run(watch, from: 30, to: 990)
            for number in ["W-1", "W-2"] { try await desk.settle(number, as: .discarded, "discarded", at: 1_000) }
            try await desk.run(watch, from: 1_020, to: 1_020)
            #expect(try await desk.rows() == ["order-answered W-1 1 dropped", "order-answered W-2 1 dropped"])
        }
    }

    @Test("what a flow that only looks on does with a message opens nothing")
    func observer() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.journal("noted-retried", Catalogue.orderPlaced, "W-1", at: 1)
            try await desk.journal("noted", Catalogue.orderPlaced, "", at: 1)
            try await desk.journal("dead-lettered", Catalogue.orderPlaced, "W-2", 0, at: 1)
            try await desk.run(watch, from: 30, to: 30)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("a store that is told by posts alone has its answer when every status that was stated is applied")
    func posts() async throws {
        try await ExpectationDesk.with(hasStore: false) { desk in
            let watch = desk.watch(ExpectationDesk.answered, adapters: [.webhook])
            try await desk.run(watch, to: 0)
            try await desk.journal("noted", Catalogue.orderPlaced, "W-1", at: 1)
            try await desk.ledger.write { transaction in
                let stated = try transaction.nextRevision(family: "order.status", subject: "W-1")
                #expect(stated == 1)
                try transaction.noteAnswered(family: "order.status", subject: "W-1", revision: 1)
            }
            try await desk.run(watch, from: 30, to: 30)
            #expect(try await desk.rows() == ["order-answered W-1 1 waiting"], "its status is still on its way")
            let key = ClaimKey(
                family: "order.status", subject: "W-1", revision: 1, hash: ContentDigest(high: 1, low: 1))
            try await desk.ledger.write { transaction in
                _ = try transaction.claimAndComplete(key, holder: "w", now: ExpectationDesk.at(40))
                try transaction.journal(
                    ExpectationDesk.step("applied", Catalogue.orderStatus, "W-1", at: 40))
            }
            try await desk.run(watch, from: 60, to: 60)
            #expect(try await desk.rows().isEmpty)
        }
    }
    @Test("an answer that a feed told first is one, also where the store is told by posts alone")
    func feed() async throws {
        try await ExpectationDesk.with(hasStore: false) { desk in
            let watch = desk.watch(ExpectationDesk.answered, adapters: [.webhook])
            try await desk.run(watch, to: 0)
            try await desk.journal("noted", Catalogue.orderPlaced, "W-1", at: 1)
            let standing = OrderStatus(number: "W-1", revision: 1, answeredRevision: 1, state: .accepted, lines: [])
            let told = try await desk.ledger.write { try $0.fedStatus(standing, version: 7) }
            let key = ClaimKey(
                family: "order.status", subject: "W-1", revision: told.revision, hash: ContentDigest(high: 1, low: 1))
            try await desk.ledger.write { transaction in
                _ = try transaction.claimAndComplete(key, holder: "w", now: ExpectationDesk.at(20))
                try transaction.journal(ExpectationDesk.step("applied", Catalogue.orderStatus, "W-1", at: 20))
            }
            #expect(try await desk.run(watch, from: 30, to: 990) == 0)
            #expect(try await desk.rows().isEmpty)
        }
    }
}
