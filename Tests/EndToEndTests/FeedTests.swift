import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// How what changes in the ERP gets into the store by itself.
@Suite("The feed of the ERP's changes", .needsBroker, .timeLimit(.minutes(15)))
struct FeedTests {
    @Test(
        "a day in the ERP is what the store shows and answers, through late rows, copies, old news, kills, an outage",
        .reportsSeed)
    func day() async throws {
        try await Rig.with(simulator: PlayedDay.simulator) { rig in
            var day = try await PlayedDay(rig)
            for round in 1...6 { try await day.play(round: round) }
            try await day.splitOrders()
            try await day.end()
            let model = try await rig.waitUntilShown(knowing: day.store)
            // Whatever the ERP holds is in its stock by now: nothing is counted twice.
            try await rig.waitForRows(model.answerRows, in: ShownTable.answers)
            #expect(try await demand(rig) == 0)
            let skus = model.sample(of: 25, using: &day.random)
            try await rig.expectAnswers(model, of: skus)
            try await day.expectSplitOrders()
            #expect(model.states.isSuperset(of: ["cancelled", "partially-shipped", "shipped"]))
            #expect(model.offlineCount > 0)
            try await day.expectCopiesToChangeNothing()
            try await rig.waitForRows(model.rows, in: ShownTable.all)
            try await rig.waitForRows(model.answerRows, in: ShownTable.answers)
            try await day.stop()
        }
    }

    private func demand(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { snapshot in try snapshot.first("SELECT count(*) FROM store_demand") { $0.integer(0) } }
    }

    @Test("what the ERP did for our own order is told once, and what it does by itself is told as well")
    func echo() async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            try await rig.place(["E-1"])
            try await rig.waitForOrders(["E-1"])
            try await rig.waitUntilShown()
            let shown = "SELECT revision || ' ' || erp_number FROM store_order WHERE number = 'E-1'"
            let first = try #require(try await rig.ledger { try $0.query(text: shown) { $0.text(0) } }.first)
            #expect(first.hasPrefix("1 "))
            let number = String(first.dropFirst(2))
            try await rig.simulator.move(number, "hold", #"{"code":"credit.hold","text":"Overdue."}"#)
            try await eventually("the hold to be shown") {
                try await rig.ledger {
                    try $0.query(text: "SELECT state FROM store_order WHERE number = 'E-1'") { $0.text(0) }
                }
                    == ["held"]
            }
            #expect(try await rig.ledger { try $0.query(text: shown) { $0.text(0) } } == ["2 " + number])
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("a change that cannot be read is explained, and costs only itself; the next one of its object is told")
    func unreadable() async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            try await waitForFirstLookBack(rig)
            try await rig.simulator.fault(#"{"kind":"unreadable-rows","path":"/changes/stock"}"#)
            let change = #"{"sku":"FST-0001","warehouse":"EAST","onHand":"7"}"#
            try await rig.simulator.control("changes/stock", change)
            try await processes[4].waitForLine { $0.contains("change not readable") && $0.contains("FST-0001") }
            let reasons = try await rig.ledger { snapshot in
                try snapshot.query(
                    "SELECT detail FROM journal WHERE code = 'feed.unreadable' AND subject LIKE '%FST-0001%'"
                ) { $0.text(0) }
            }
            #expect(reasons.count == 1)
            let gaps = try await feed(["gaps", "stock/EAST"], rig)
            #expect(gaps.contains("FST-0001") && gaps.contains("unreadable") && gaps.contains(reasons[0]), "\(gaps)")
            #expect(try await feed(["status"], rig).contains("1 object cannot be read: see `erp-feed gaps`."))
            try await rig.simulator.clearFaults()
            try await rig.simulator.control(
                "changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"8"}"#)
            try await rig.waitUntilShown()
            try await eventually("the gap to be closed") {
                try await feed(["gaps"], rig) == "All that was read is told."
            }
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("a change that comes late and cannot be read is explained once, however often it is looked back at")
    func unreadableLate() async throws {
        try await Rig.with { rig in
            // What is late is looked for twice: the fault has to be over before the second time.
            let processes = try rig.startFleet(["FEED_LOOK_BACK": "4s"])
            try await rig.waitUntilShown()
            try await waitForFirstLookBack(rig)
            let before = try await cursor("live", rig)
            // Of the two rows, in one page, the first is left out; what looks back finds it unreadable.
            let skip = try await rig.simulator.fault(#"{"kind":"skip-rows","path":"/changes/stock"}"#)
            try await rig.simulator.fault(#"{"kind":"unreadable-rows","limit":1000,"path":"/changes/stock"}"#)
            let away = try await rig.simulator.fault(#"{"kind":"down"}"#)
            for sku in ["FST-0001", "FST-0002"] {
                try await rig.simulator.control(
                    "changes/stock", #"{"sku":"\#(sku)","warehouse":"EAST","onHand":"7"}"#)
            }
            try await rig.simulator.clearFault(away)
            try await eventually("the read to go past it") { try await cursor("live", rig) != before }
            try await rig.simulator.clearFault(skip)
            let said = { (line: String) in line.contains("change not readable") && line.contains("FST-0001") }
            try await processes[4].waitForLine("what was said", said)
            var seen = Set([try await cursor("look-back", rig)])
            try await eventually(within: .seconds(60), "three looks back") {
                seen.insert(try await cursor("look-back", rig))
                return seen.count > 3
            }
            #expect(processes[4].errors.filter(said).count == 1)
            try await rig.simulator.clearFaults()
            try await rig.simulator.control(
                "changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"8"}"#)
            try await rig.waitUntilShown()
            for process in processes { try await rig.stop(process) }
        }
    }

    /// The first look back reads everything, and would meet a fault that is meant for what is new.
    private func waitForFirstLookBack(_ rig: Rig) async throws {
        try await eventually("the first look back on all stock") {
            try await rig.ledger { snapshot in
                try snapshot.first(
                    """
                    SELECT count(*) FROM feed_cursor
                    WHERE stream LIKE 'stock/%' AND pass = 'look-back' AND cursor IS NOT NULL AND finished_at IS NOT NULL
                    """
                ) { $0.integer(0) }
            } == 3
        }
    }

    /// Where a pass of one warehouse's stock stands, and when it moved.
    private func cursor(_ pass: String, _ rig: Rig) async throws -> String? {
        try await rig.ledger { snapshot in
            try snapshot.first(
                """
                SELECT CASE pass WHEN 'live' THEN cursor ELSE finished_at END FROM feed_cursor
                WHERE stream = 'stock/EAST' AND pass = ?
                """, .text(pass)
            ) { $0.optionalText(0) } ?? nil
        }
    }

    @Test("a mistake that comes change by change is held back from where it is seen to be one, to its end")
    func dribble() async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            let before = try await emptied(rig) ?? 0
            let skus = (1...6).flatMap { number in ["FST", "PWR", "SAF", "ELC"].map { "\($0)-000\(number)" } }
            for (index, sku) in skus.enumerated() {
                try await rig.simulator.control(
                    "changes/stock", #"{"sku":"\#(sku)","warehouse":"EAST","onHand":"0","reserved":"0"}"#)
                try await eventually("\(sku) to be told or held back") {
                    let told = (try await emptied(rig) ?? 0) - before
                    return told + (try await held(rig)) == Int64(index + 1)
                }
            }
            #expect(try await held(rig) == 5, "19 were told before it was seen")
            let list = try await feed(["parked"], rig)
            #expect(list.contains("20 of 20 products that had"), "\(list)")
            #expect(list.contains("19 of them within the 15 minutes before"), "\(list)")
            let other = try ChildProcess(
                "erp-feed", arguments: ["parked", "release", "--stream", "prices"],
                environment: rig.workerEnvironment)
            #expect(try await other.waitForExit() == .exited(1))
            let released = try await feed(["parked", "release", "--stream", "stock/EAST"], rig).split(separator: "\n")
            #expect(released.first == "1 change of batch 1 will be told by a running program.")
            #expect(released.count == 5)
            try await rig.waitUntilShown()
            for process in processes { try await rig.stop(process) }
        }
    }

    /// How many changes are held back.
    private func held(_ rig: Rig) async throws -> Int64 {
        try await rig.ledger { try $0.first("SELECT count(*) FROM feed_parked_message") { $0.integer(0) } ?? 0 }
    }

    @Test("a stream is told again from its beginning when that is asked for; status says how far it is")
    func resync() async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            // As if somebody had emptied the store's catalogue.
            let ledger = try Ledger.open(path: rig.ledgerPath)
            _ = try await ledger.write { transaction in
                try transaction.execute("DELETE FROM store_product")
            }
            await ledger.close()
            let asked = try await ChildProcess.run(
                "erp-feed", arguments: ["resync", "products"], environment: rig.workerEnvironment)
            #expect(asked.contains("products: will be read from its beginning"))
            try await rig.waitUntilShown()
            let status = try await ChildProcess.run(
                "erp-feed", arguments: ["status"], environment: rig.workerEnvironment)
            #expect(status.contains("stock/EAST") && status.contains("up to date"))
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("a change that came too late stays answered in whatever is told of the order afterwards")
    func staysAnswered() async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            let tap = try await MessageTap.open(rig)
            try await rig.place(["L-1"])
            try await rig.waitForOrders(["L-1"])
            let names = try await rig.ledger {
                try $0.query(text: "SELECT erp_number FROM store_order WHERE number = 'L-1'") { $0.text(0) }
            }
            try await rig.simulator.move(try #require(names.first), "ship")
            let late = try OrderMessages.order("L-1", revision: 2, quantity: 3)
            try await rig.publishUntilConfirmed([OrderMessages.message(late, as: Catalogue.orderAmended)])
            let refused = try await waitForStatus(of: "L-1", after: 0, on: tap) { $0.answeredRevision == 2 }
            #expect(refused.reason?.code == "order.too-late")
            _ = try await feed(["resync", "orders"], rig)
            let next = try await waitForStatus(of: "L-1", after: refused.revision, on: tap) { _ in true }
            #expect(next.answeredRevision == 2 && next.state == .shipped)
            for process in processes { try await rig.stop(process) }
            try await tap.close()
        }
    }

    private func waitForStatus(
        of number: String, after revision: Int64, on tap: MessageTap, _ fits: (OrderStatus) -> Bool
    ) async throws -> OrderStatus {
        try await eventually(within: .seconds(60), "a status of \(number)") {
            try await tap.drain().compactMap { try MessageReader().read($0.body).payload as? OrderStatus }
                .first { $0.number == number && $0.revision > revision && fits($0) }
        }
    }

    private func feed(_ arguments: [String], _ rig: Rig) async throws -> String {
        try await ChildProcess.run("erp-feed", arguments: arguments, environment: rig.workerEnvironment)
    }

    private func emptied(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM store_stock WHERE warehouse = 'EAST' AND on_hand = '0'") {
                $0.integer(0)
            }
        }
    }

    @Test(
        "a page that would empty a warehouse is held back until a person decides; what changes later is told",
        arguments: ["release", "discard"])
    func parked(decision: String) async throws {
        try await Rig.with { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            let before = try await emptied(rig)
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let skus = ["FST", "PWR", "SAF", "ELC"].flatMap { family in (1...7).map { "\(family)-000\($0)" } }
            for sku in skus {
                try await rig.simulator.control(
                    "changes/stock", #"{"sku":"\#(sku)","warehouse":"EAST","onHand":"0","reserved":"0"}"#)
            }
            try await rig.simulator.clearFaults()
            try await processes[4].waitForLine { $0.contains("batch parked") && $0.contains("stock/EAST") }
            let list = try await feed(["parked"], rig)
            #expect(list.contains("28 of 28 products that had would have nothing available any more"))
            let page = try await feed(["parked", "show", "1"], rig)
            #expect(page.contains("FST-0001 in EAST: ") && page.contains(" → 0"))
            try await rig.simulator.control(
                "changes/stock", #"{"sku":"PWR-0001","warehouse":"EAST","onHand":"77"}"#)
            try await eventually("what changed later") {
                try await rig.ledger { snapshot in
                    try snapshot.first("SELECT on_hand FROM store_stock WHERE sku = 'PWR-0001' AND warehouse = 'EAST'")
                    {
                        $0.text(0)
                    }
                } == "77"
            }
            #expect(try await emptied(rig) == before)
            #expect(try await feed(["parked", decision, "1"], rig).contains("atch 1"))
            #expect(try await feed(["parked"], rig).contains("Nothing is parked"))
            if decision == "release" {
                try await rig.waitUntilShown()
                #expect(try await emptied(rig) == (before ?? 0) + 27)
            } else {
                try await rig.waitUntilEmpty("inventory.to-store")
                #expect(try await emptied(rig) == before)
            }
            for process in processes { try await rig.stop(process) }
        }
    }
}
