import ERP
import FleetTesting
import Ledger
import Models
import Testing

@testable import ERPFeed
@testable import Fleet

/// What the ERP lists, and what it does not list any more.
@Suite struct ListedObjectsTests {
    private static let stream = "products"

    private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await FeedTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private func product(_ sku: String, _ version: Int64 = 1) -> ERPChange {
        .product(Product(sku: sku, revision: version, name: sku, unit: .one, isActive: true))
    }

    /// A full read that begins then and lists these a moment later.
    private func read(_ skus: [String], from start: Int64, _ transaction: LedgerTransaction) throws {
        for sku in skus {
            try transaction.noteListed(product(sku), in: Self.stream, now: start + 1)
        }
        try transaction.endFullRead(of: Self.stream, from: start, to: start + 2, isForced: false)
    }

    private func missing(_ transaction: LedgerTransaction) throws -> [String] {
        try transaction.missingObjects(in: Self.stream, after: "", limit: 10).map(\.subject)
    }

    @Test("an object is missing once two full reads in a row have not had it, and no more once any read has")
    func missed() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A", "B", "C"], from: 1, transaction)
                try read(["A"], from: 10, transaction)
                #expect(try missing(transaction) == [])
                try transaction.noteListed(product("C", 2), in: Self.stream, now: 15)
                try read(["A"], from: 20, transaction)
                #expect(try missing(transaction) == ["B"])
                #expect(try transaction.listedCount(in: Self.stream) == ListedCount(known: 3, missing: 1))
                try transaction.noteGone(MissingObject(subject: "B", keys: ["B"]), in: Self.stream)
                #expect(try missing(transaction) == [])
                try read(["A"], from: 30, transaction)
                #expect(try missing(transaction) == ["C"])
            }
        }
    }

    @Test("a clock that is set back between two full reads, or in one, makes nothing missing")
    func clockSetBack() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                for start in [100, 200, 50] as [Int64] { try read(["A", "B"], from: start, transaction) }
                #expect(try missing(transaction) == [])
                try read(["A"], from: 60, transaction)
                try transaction.endFullRead(of: Self.stream, from: 300, to: 70, isForced: false)
                try read(["A"], from: 80, transaction)
                #expect(try missing(transaction) == [])
                try read(["A"], from: 90, transaction)
                #expect(try missing(transaction) == ["B"])
            }
        }
    }

    @Test("an object that is listed but cannot be read is not missing; one without a name may be any")
    func unreadable() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A", "B"], from: 1, transaction)
                for start in stride(from: 10, through: 50, by: 10).map(Int64.init) {
                    try transaction.noteListed(unreadable: "A", in: Self.stream, now: start + 1)
                    // A read that saw it says nothing, and neither does the next one by itself.
                    if start < 30 { try transaction.noteListed(unreadable: nil, in: Self.stream, now: start + 1) }
                    try read([], from: start, transaction)
                    #expect(try missing(transaction) == (start < 40 ? [] : ["B"]), "after \(start)")
                }
            }
        }
    }

    @Test("a row without a name that was seen by a clock ahead of its time says nothing of later reads")
    func namelessAhead() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A", "B"], from: 1, transaction)
                try transaction.noteListed(unreadable: nil, in: Self.stream, now: 1_000_000)
                for start in [10, 20] as [Int64] { try read(["A"], from: start, transaction) }
                #expect(try missing(transaction) == ["B"])
            }
        }
    }

    @Test("one without a name in the very first full read is remembered as well")
    func unreadableFirst() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try transaction.noteListed(product("B"), in: Self.stream, now: 1)
                try transaction.noteListed(unreadable: nil, in: Self.stream, now: 11)
                for start in [10, 20, 30] as [Int64] {
                    try read(["A"], from: start, transaction)
                    #expect(try missing(transaction) == (start < 30 ? [] : ["B"]), "after \(start)")
                }
            }
        }
    }

    @Test("what is missing is due until it is told, also when something came between")
    func due() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                #expect(try !transaction.isWithdrawalDue(in: Self.stream))
                try read(["A", "B"], from: 1, transaction)
                #expect(try transaction.isWithdrawalDue(in: Self.stream))
                try transaction.setMany(true, in: Self.stream)
                try transaction.endWithdrawal(of: Self.stream, wasMany: false)
                #expect(try !transaction.isWithdrawalDue(in: Self.stream))
                #expect(try transaction.listedCount(in: Self.stream).isMany)
                try read(["A"], from: 10, transaction)
                try transaction.endWithdrawal(of: Self.stream, wasMany: true)
                #expect(try !transaction.listedCount(in: Self.stream).isMany)
            }
        }
    }

    @Test("of a stream that the ERP has no more everything is missing, until it is listed again")
    func ended() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                let stream = "stock/EAST"
                for sku in ["A", "B"] { try transaction.noteListed(product(sku), in: stream, now: 2) }
                try transaction.save(.ended(stream, at: 3))
                #expect(try transaction.listedStreams(from: "stock/") == [stream])
                try transaction.endStream(stream)
                #expect(try !transaction.isWithdrawalDue(in: stream), "were it named again, all of it would go")
                #expect(try transaction.isWithdrawalDue(in: stream, hasEnded: true))
                #expect(try transaction.listedCount(in: stream) == ListedCount(known: 2, missing: 2))
                for object in try transaction.missingObjects(in: stream, after: "", limit: 10) {
                    try transaction.noteGone(object, in: stream)
                }
                #expect(try transaction.listedStreams(from: "stock/").isEmpty)
                let full = try #require(try transaction.feedCursor(stream, .full))
                #expect(full.isDue(every: .seconds(86_400), 86_400_000_000), "should it be there again")
                try transaction.endFullRead(of: stream, from: 10, to: 12, isForced: false)
                #expect(try transaction.listedCount(in: stream) == ListedCount())
                #expect(try transaction.shifts(of: [DatedChange(product("A"))], in: stream).back == ["A"])
            }
        }
    }

    @Test("what is gone is told anew once everything is told again, and stays gone while the store does not show it")
    func again() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A", "B"], from: 1, transaction)
                for start in [10, 20] as [Int64] { try read([], from: start, transaction) }
                try transaction.setMany(true, in: Self.stream)
                try transaction.noteGone(MissingObject(subject: "A", keys: ["A"]), in: Self.stream)
                #expect(try missing(transaction) == ["B"])
                try transaction.endFullRead(of: Self.stream, from: 30, to: 31, isForced: true)
                let objects = try transaction.missingObjects(in: Self.stream, after: "", limit: 10)
                #expect(objects.map(\.subject) == ["A", "B"])
                #expect(objects.map(\.isAgain) == [true, false])
                #expect(
                    try transaction.listedCount(in: Self.stream)
                        == ListedCount(known: 1, missing: 1, again: 1, isMany: true))
                for object in objects { try transaction.waitFor(object, in: Self.stream, now: 40) }
                #expect(try missing(transaction) == [])
                #expect(try transaction.shifts(of: [DatedChange(product("A"))], in: Self.stream).back == ["A"])
            }
        }
    }

    @Test("what comes back is told at a revision of its own, whatever the ERP counts, and so is what follows")
    func back() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A"], from: 1, transaction)
                #expect(try restated(transaction, version: 7) == 7)
                try vanish(transaction)
                #expect(try restated(transaction, version: 7) == 9)
                #expect(try restated(transaction, version: 8) == 10)
                try vanish(transaction)
                // Made anew, with a count of its own.
                #expect(try restated(transaction, version: 1) == 12)
                #expect(try restated(transaction, version: 2) == 13)
            }
        }
    }

    @Test("after the greatest revision there is none, and what comes back then is told at it")
    func greatest() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try read(["A"], from: 1, transaction)
                try transaction.noteTold(family: product("A").family, subject: "A", revision: .max)
                try transaction.noteGone(MissingObject(subject: "A", keys: ["A"]), in: Self.stream)
                for version in [1, 7, Int64.max] {
                    let (shifts, back) = try transaction.shifts(
                        of: [DatedChange(product("A", version))], in: Self.stream)
                    #expect(back == ["A"])
                    let moved = DatedChange(product("A", version)).moved(by: shifts["A"] ?? 0)
                    #expect(moved.what.revision == .max)
                }
            }
        }
    }

    /// At which revision the ERP's version is told, as a reader does it.
    private func restated(_ transaction: LedgerTransaction, version: Int64) throws -> Int64 {
        let change = product("A", version)
        let (shifts, back) = try transaction.shifts(of: [DatedChange(change)], in: Self.stream)
        let restated = change.restated(at: version + (shifts["A"] ?? 0))
        for subject in back { try transaction.noteBack(subject, in: Self.stream, shift: shifts[subject] ?? 0) }
        try transaction.noteTold(family: restated.family, subject: "A", revision: restated.revision)
        return restated.revision
    }

    /// The store is told that it is gone.
    private func vanish(_ transaction: LedgerTransaction) throws {
        let told = try transaction.toldRevision(family: product("A").family, subject: "A")
        try transaction.noteTold(family: product("A").family, subject: "A", revision: told + 1)
        try transaction.noteGone(MissingObject(subject: "A", keys: ["A"]), in: Self.stream)
    }

    @Test("products, stock, accounts and prices are missed; orders and shipments stay what they were")
    func kinds() throws {
        let date = try #require(CalendarDate("2026-01-01"))
        let prices = ContractPrices(
            holder: .priceList("L"), priceVersion: "Q1", revision: 1, currency: .usd, validFrom: date, prices: [])
        #expect(ERPChange.prices(prices).keys == ["price-list", "L", "Q1", ""])
        #expect(product("A").keys == ["A"])
        let order = OrderReference.online("W-1")
        let shipment = Shipment(
            id: "SH-1", revision: 1, order: order, warehouse: "EAST", state: .shipped, lines: [])
        #expect(ERPChange.shipment(shipment).keys == nil)
    }
}

extension FeedCursor {
    /// A full read that ended then.
    fileprivate static func ended(_ stream: String, at time: Int64) -> FeedCursor {
        var cursor = FeedCursor.beginning(stream, .full, now: time)
        cursor.finishedAt = time
        return cursor
    }
}
