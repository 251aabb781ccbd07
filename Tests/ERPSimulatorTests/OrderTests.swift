import ERP
import ERPSimulatorCore
import Glibc
import Models
import Testing

@Suite struct OrderTests {
    @Test("an order is entered once and found by its store number")
    func submit() async throws {
        try await SimulatedERP.with { simulated in
            #expect(try await simulated.erp.findOrder(number: "100001") == nil)
            let entered = try await simulated.erp.submit(Fixture.order())
            #expect(entered.state == .accepted)
            #expect(entered.lines.map(\.status) == [.accepted])
            #expect(try await simulated.erp.findOrder(number: "100001") == entered)
            #expect(try await simulated.erp.submit(Fixture.order()) == entered)
            let books = try await simulated.summary()
            #expect(books.orders == 1)
            #expect(books.creates == 1)
            #expect(books.effects["repeated"] == 1)
        }
    }

    @Test("eight racing submissions of one order make one order")
    func race() async throws {
        try await SimulatedERP.with { simulated in
            let numbers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<8 { group.addTask { try await simulated.erp.submit(Fixture.order()).erpNumber } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(numbers.count == 1)
            let books = try await simulated.summary()
            #expect(books.creates == 1)
            #expect(books.duplicates.isEmpty)
        }
    }

    @Test("stock, substitution and packing answer line by line")
    func lines() async throws {
        try await SimulatedERP.with { simulated in
            let skus = ["FST-0001", "FST-0008", "FST-0012", "FST-0014", "FST-0016", "FST-0018", "GLV-03-XL"]
            let lines = try await simulated.erp.submit(Fixture.order(skus: skus, quantity: "7")).lines
            #expect(
                lines.map(\.status) == [
                    .accepted, .backordered, .accepted, .partiallyBackordered, .substituted, .acceptedWithChanges,
                    .accepted,
                ])
            #expect(lines[1].quantities.backordered == Fixture.decimal("7"))
            #expect(lines[2].warehouse == "WEST")
            #expect(lines[3].quantities.allocated == Fixture.decimal("5"))
            #expect(lines[3].quantities.backordered == Fixture.decimal("2"))
            #expect(lines[4].substituteSKU == "FST-0017")
            #expect(lines[5].quantities.ordered == Fixture.decimal("10"))
        }
    }

    @Test("unknown products are rejected, each named by its place in the message")
    func unknownSKU() async throws {
        try await SimulatedERP.with { simulated async throws in
            let order = Fixture.order(skus: ["FST-0001", "NOPE-1", "NOPE-2"])
            guard
                case .rejected(let code, _, let faults) = await failure({ () async throws(ERPError) in
                    try await simulated.erp.submit(order)
                })
            else {
                Issue.record("accepted")
                return
            }
            #expect(code == "sku.unknown")
            #expect(faults.map(\.pointer) == ["/data/lines/1/sku", "/data/lines/2/sku"])
            #expect(faults.map(\.value) == ["NOPE-1", "NOPE-2"])
            #expect(try await simulated.summary().orders == 0)
        }
    }

    @Test("an unknown account is rejected, a closed one and one without terms are declined")
    func accounts() async throws {
        try await SimulatedERP.with { simulated in
            func code(_ order: Order) async -> String? {
                await failure { () async throws(ERPError) in try await simulated.erp.submit(order) }?.code
            }
            #expect(await code(Fixture.order(account: "C-99999")) == "account.unknown")
            #expect(await code(Fixture.order(account: "C-10007")) == "account.closed")
            #expect(await code(Fixture.order(account: "C-10005")) == "terms.prepay-only")
            #expect(await code(Fixture.order(account: "C-10005", payment: .prepaid(reference: "pi_1"))) == nil)
        }
    }

    @Test("an account on credit hold is held until it is released")
    func held() async throws {
        try await SimulatedERP.with { simulated in
            let held = try await simulated.erp.submit(Fixture.order(account: "C-10004"))
            #expect(held.state == .held)
            #expect(held.reason?.code == "credit.hold")
            #expect(held.lines.map(\.status) == [.onHold])
            #expect(try await simulated.move(held.erpNumber, "release") == 200)
            let released = try await simulated.erp.findOrder(number: "100001")
            #expect(released?.state == .accepted)
            #expect(released?.lines.map(\.status) == [.accepted])
            #expect((released?.version ?? 0) > held.version)
        }
    }

    @Test("any business key survives the path", arguments: ["A/B", "..", "a b?c#d%20", "Ø-№1 ✈", "+&=;", "%2F"])
    func hostileNumbers(number: String) async throws {
        try await SimulatedERP.with { simulated in
            let entered = try await simulated.erp.submit(Fixture.order(number))
            #expect(entered.storeNumber == number)
            #expect(try await simulated.erp.findOrder(number: number) == entered)
            #expect(try await simulated.erp.cancel(Fixture.order(number, revision: 2)).state == .cancelled)
        }
    }

    @Test("requests without the key are refused, and no order is to blame")
    func apiKey() async throws {
        try await SimulatedERP.with(SimulatorOptions(apiKey: "secret")) { simulated in
            try await simulated.erp.ping()
            let stranger = RESTAdapter(RESTConfiguration(baseURL: simulated.addresses.erp), client: simulated.client)
            let error = await failure { () async throws(ERPError) in try await stranger.submit(Fixture.order()) }
            #expect(error?.isUnavailable == true)
        }
    }

    @Test("the books outlive the simulator")
    func durable() async throws {
        let path = "/tmp/erp-simulator-\(UInt64.random(in: 0 ... .max)).sqlite"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        try await SimulatedERP.with(SimulatorOptions(database: path)) { simulated in
            _ = try await simulated.erp.submit(Fixture.order())
        }
        try await SimulatedERP.with(SimulatorOptions(database: path)) { simulated async throws in
            #expect(try await simulated.erp.findOrder(number: "100001")?.erpNumber == "SO000001")
            #expect(try await simulated.erp.submit(Fixture.order("2")).erpNumber == "SO000002")
        }
    }

    @Test("books that can not be opened are refused with a sentence")
    func unusableBooks() {
        #expect(throws: SimulatorError.self) {
            _ = try Simulator(SimulatorOptions(database: "/no/such/folder/erp.sqlite")) { _ in }
        }
        let error = #expect(throws: SimulatorError.self) {
            _ = try Simulator(SimulatorOptions(database: #filePath)) { _ in }
        }
        #expect(error?.sentence.components(of: "can not be used") == 1)
    }

    @Test("a host that there is not is refused with a sentence")
    func unknownHost() async throws {
        let simulator = try Simulator(SimulatorOptions(host: "no-such-host.invalid")) { _ in }
        let error = await #expect(throws: SimulatorError.self) { try await simulator.run() }
        #expect(error?.code == "simulator.address")
    }
}

extension String {
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
