import ERP
import ERPSimulatorCore
import Models
import Testing

/// What a feed may have to put up with.
@Suite struct FeedFaultTests {
    private func rule(_ kind: FaultRule.Kind, limit: Int?, count: Int = 1) -> FaultRule {
        var rule = FaultRule(kind)
        (rule.limit, rule.count) = (limit, count)
        return rule
    }

    private func subjects(_ page: ERPChanges) -> [String] { page.changes.map(\.what.subject) }

    @Test("a page can repeat rows, from before it and its own")
    func repeated() async throws {
        try await SimulatedERP.with { simulated async throws in
            let first = try await simulated.erp.changes(of: .products, since: nil, limit: 10)
            let sound = try await simulated.erp.changes(of: .products, since: first.cursor, limit: 10)
            try await simulated.fault(rule(.repeatRows, limit: 3))
            let page = try await simulated.erp.changes(of: .products, since: first.cursor, limit: 10)
            #expect(subjects(page) == subjects(first).suffix(3) + subjects(sound) + subjects(sound).prefix(1))
            #expect(page.cursor == sound.cursor)
            #expect(try await simulated.faults().isEmpty)
        }
    }

    @Test("a page can skip rows, which are then found behind its cursor")
    func skipped() async throws {
        try await SimulatedERP.with { simulated async throws in
            let sound = try await simulated.erp.changes(of: .stock, in: "EAST", since: nil, limit: 10)
            try await simulated.fault(rule(.skipRows, limit: 4))
            let page = try await simulated.erp.changes(of: .stock, in: "EAST", since: nil, limit: 10)
            #expect(subjects(page) == subjects(sound).suffix(6) && page.cursor == sound.cursor)
            let later = try await simulated.erp.changes(of: .stock, in: "EAST", since: page.cursor, limit: 1_000)
            #expect(Set(subjects(later)).isDisjoint(with: subjects(sound)))
            let again = try await simulated.erp.changes(of: .stock, in: "EAST", since: nil, limit: 10)
            #expect(subjects(again) == subjects(sound))
        }
    }

    @Test("a row is skipped once, as one that becomes visible late")
    func skippedOnce() async throws {
        try await SimulatedERP.with { simulated async throws in
            let sound = try await simulated.erp.changes(of: .products, since: nil, limit: 10)
            try await simulated.fault(rule(.skipRows, limit: 3, count: 3))
            let pages = [
                try await simulated.erp.changes(of: .products, since: nil, limit: 10),
                try await simulated.erp.changes(of: .products, since: nil, limit: 2),
                try await simulated.erp.changes(of: .products, since: sound.cursor, limit: 2),
            ]
            #expect(pages.map(\.changes.count) == [7, 2, 1])
        }
    }

    @Test("the last row of a page is never skipped: its cursor comes from one that was seen")
    func skippedLast() async throws {
        try await SimulatedERP.with { simulated async throws in
            try await simulated.fault(rule(.skipRows, limit: 40))
            let page = try await simulated.erp.changes(of: .products, since: nil, limit: 10)
            #expect(page.changes.count == 1)
            #expect(page.changes.first.map { "\($0.what.revision)" } == page.cursor)
        }
    }

    @Test(
        "a page can have rows that can not be read; they are named, and the others are there",
        arguments: ERPChangeKind.allCases)
    func unreadable(kind: ERPChangeKind) async throws {
        try await SimulatedERP.with { simulated async throws in
            for number in 1...3 {
                let order = try await simulated.erp.submit(Fixture.order("\(number)"))
                #expect(try await simulated.move(order.erpNumber, "ship") == 200)
            }
            let sound = try await simulated.erp.changes(of: kind, since: nil, limit: 10)
            try await simulated.fault(rule(.unreadableRows, limit: 2))
            let page = try await simulated.erp.changes(of: kind, since: nil, limit: 10)
            #expect(page.unreadable.count == 2 && page.cursor == sound.cursor)
            #expect(subjects(page) == Array(subjects(sound).dropFirst(2)))
            #expect(page.unreadable.allSatisfy { $0.reason.hasSuffix("version has the wrong type") })
            #expect(page.unreadable.allSatisfy { $0.key != nil })
        }
    }

    @Test("the clock can go backwards; the sequence does not")
    func clock() async throws {
        try await SimulatedERP.with { simulated async throws in
            var feed = Feed(.orders)
            _ = try await simulated.erp.submit(Fixture.order("1"))
            try await feed.read(simulated.erp)
            var rule = FaultRule(.clockBack)
            rule.seconds = 7_200
            try await simulated.fault(rule)
            _ = try await simulated.erp.submit(Fixture.order("2"))
            try await feed.read(simulated.erp)
            try await simulated.clearFaults()
            _ = try await simulated.erp.submit(Fixture.order("3"))
            #expect(try await feed.read(simulated.erp).map(\.subject) == ["3"])
            #expect(feed.objects.count == 3)
            let times = feed.times.map(\.microseconds)
            #expect(times.count == 3 && times[1] < times[0] - 7_000_000_000 && times[2] > times[0])
        }
    }

    @Test("faults of pages spare every other request, and count their pages")
    func others() async throws {
        try await SimulatedERP.with { simulated async throws in
            try await simulated.fault(rule(.skipRows, limit: nil))
            _ = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.erp.warehouses().count == 3)
            #expect(try await simulated.faults().map(\.kind) == [.skipRows])
            #expect(try await simulated.erp.changes(of: .customers, since: nil, limit: 5).changes.count == 4)
            #expect(try await simulated.erp.changes(of: .customers, since: nil, limit: 5).changes.count == 5)
            #expect(try await simulated.summary().faults == ["skip-rows": 1])
        }
    }

    @Test("a page in an outage is unavailable, and the cursor goes on afterwards")
    func outage() async throws {
        try await SimulatedERP.with { simulated async throws in
            let first = try await simulated.erp.changes(of: .products, since: nil, limit: 150)
            try await simulated.fault(.error, count: 1)
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.changes(of: .products, since: first.cursor, limit: 100)
            }
            #expect(error?.isUnavailable == true)
            #expect(try await simulated.erp.changes(of: .products, since: first.cursor, limit: 100).changes.count == 50)
        }
    }
}
