import ERP
import ERPSimulatorCore
import FleetTesting
import HTTPClient
import Testing

/// Every request is audited, also one that comes to nothing.
@Suite struct AuditTests {
    @Test("a request that is refused for lack of room is audited under its order")
    func refused() async throws {
        try await SimulatedERP.with { simulated in
            var capacity = FaultRule(.capacity)
            capacity.limit = 1
            try await simulated.fault(capacity)
            try await simulated.fault(FaultRule(.hold, count: 1, method: "POST"))
            async let inside = simulated.submit(Fixture.order("inside"))
            try await eventually { try await simulated.summary().requests == 1 }
            for _ in 1...2 {
                _ = await failure { () async throws(ERPError) in
                    try await simulated.erp.submit(Fixture.order("A/1", revision: 3))
                }
            }
            _ = await failure { () async throws(ERPError) in try await simulated.erp.findOrder(number: "A/1") }
            try await simulated.clearFaults()
            #expect(await inside == nil)
            let lines = try await simulated.audit("A%2F1")
            #expect(lines.map(\.effect) == ["refused", "refused", "refused"])
            #expect(
                lines.map(\.status) == [429, 429, 429] && lines.map(\.fault) == ["capacity", "capacity", "capacity"])
            #expect(lines.map(\.revision) == [3, 3, nil])
        }
    }

    @Test("a request that a fault kept from its work is audited under its order")
    func lost() async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.fault(.reset, count: 1, method: "POST")
            _ = await failure { () async throws(ERPError) in try await simulated.erp.submit(Fixture.order()) }
            let lines = try await simulated.audit("100001")
            #expect(lines.map(\.effect) == ["none"] && lines.map(\.fault) == ["reset"] && lines.map(\.revision) == [1])
        }
    }

    @Test("what leads nowhere and what is too large is audited too")
    func nowhere() async throws {
        try await SimulatedERP.with { simulated in
            #expect(try await simulated.send(.get, "/nowhere").status == 404)
            #expect(try await simulated.send(.delete, "/orders/7").status == 404)
            let body = String(repeating: " ", count: (2 << 20) + 1)
            #expect(try await simulated.send(.post, "/orders", body).status == 413)
            let lines = try await simulated.audit(query: "")
            #expect(lines.map(\.path) == ["/nowhere", "/orders/7", "/orders"])
            #expect(lines.map(\.status) == [404, 404, 413] && lines.map(\.storeNumber) == [nil, "7", nil])
        }
    }

    @Test("the audit comes in pages, each from where the last one ended")
    func pages() async throws {
        try await SimulatedERP.with { simulated in
            for number in 1...7 { _ = try await simulated.erp.submit(Fixture.order("\(number)")) }
            var (since, numbers): (Int, [String]) = (0, [])
            while let last = try await simulated.audit(query: "since=\(since)&limit=3").last {
                numbers += try await simulated.audit(query: "since=\(since)&limit=3").compactMap(\.storeNumber)
                since = last.sequence
            }
            #expect(numbers == ["1", "2", "3", "4", "5", "6", "7"])
            #expect(try await simulated.audit(query: "limit=100000").count == 7)
        }
    }
}
