import ERP
import ERPSimulatorCore
import FleetTesting
import HTTPClient
import Models
import Testing

/// Every fault through the real adapter over loopback.
@Suite struct FaultTests {
    @Test("a dropped reply leaves the outcome unknown, the order found, and one order")
    func dropReply() async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.erp.ping()
            try await simulated.fault(.dropReply, count: 1, method: "POST")
            #expect(await simulated.submit()?.isUnknown == true)
            #expect(try await simulated.erp.findOrder(number: "100001")?.storeRevision == 1)
            _ = try await simulated.erp.submit(Fixture.order())
            let books = try await simulated.summary()
            #expect(books.orders == 1)
            #expect(books.creates == 1)
            #expect(try await simulated.audit("100001").map(\.effect) == ["created", "found", "repeated"])
        }
    }

    @Test("a connection reset before the work leaves the outcome unknown and no order")
    func reset() async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.fault(.reset, count: 1, method: "POST")
            #expect(await simulated.submit()?.isUnknown == true)
            #expect(try await simulated.erp.findOrder(number: "100001") == nil)
        }
    }

    @Test("a request delivered twice makes one order")
    func duplicate() async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.fault(.duplicate, count: 1)
            #expect(try await simulated.erp.submit(Fixture.order()).state == .accepted)
            #expect(try await simulated.audit("100001").map(\.effect) == ["created", "repeated"])
            #expect(try await simulated.summary().orders == 1)
        }
    }

    @Test("a time-out after the work: unknown, then found, then no second order")
    func timeOut() async throws {
        try await SimulatedERP.with(writeTimeout: .seconds(2)) { simulated in
            var hang = FaultRule(.hang)
            hang.applied = true
            hang.count = 1
            try await simulated.fault(hang)
            #expect(await simulated.submit()?.isUnknown == true)
            #expect(try await simulated.erp.findOrder(number: "100001") != nil)
            _ = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.summary().creates == 1)
        }
    }

    @Test("a time-out before the work: unknown, then not found, then one order")
    func timeOutBefore() async throws {
        try await SimulatedERP.with(writeTimeout: .seconds(2)) { simulated in
            try await simulated.fault(.hang, count: 1)
            #expect(await simulated.submit()?.isUnknown == true)
            #expect(try await simulated.erp.findOrder(number: "100001") == nil)
            _ = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.summary().creates == 1)
        }
    }

    @Test(
        "an answer that is no answer is a failure, whether or not the work was done",
        arguments: [
            FaultRule.Kind.html, .truncated, .cutOff, .empty, .errorBody, .error,
        ], [true, false])
    func unusable(kind: FaultRule.Kind, applied: Bool) async throws {
        try await SimulatedERP.with { simulated in
            var rule = FaultRule(kind)
            rule.applied = applied
            rule.count = 1
            try await simulated.fault(rule)
            #expect(await simulated.submit()?.isUnknown == true)
            #expect((try await simulated.erp.findOrder(number: "100001") != nil) == applied)
            _ = try await simulated.erp.submit(Fixture.order())
            let books = try await simulated.summary()
            #expect(books.orders == 1)
            #expect(books.creates == 1)
        }
    }

    @Test(
        "a read that gets no usable answer is unavailable, never \"no such order\"",
        arguments: [FaultRule.Kind.html, .truncated, .cutOff, .empty, .errorBody, .error])
    func unusableRead(kind: FaultRule.Kind) async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.fault(kind, count: 1)
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.findOrder(number: "100001")
            }
            #expect(error?.isUnavailable == true)
        }
    }

    @Test("an answer about another order is no answer, and least of all an absence")
    func otherOrder() async throws {
        try await SimulatedERP.with { simulated in
            #expect(await simulated.submit() == nil)
            // Whatever is asked for, this address leads to the one order that there is.
            let configuration = RESTConfiguration(baseURL: simulated.addresses.erp + "/orders/100001?")
            let misled = RESTAdapter(configuration, client: simulated.client)
            let error = await failure { () async throws(ERPError) in try await misled.findOrder(number: "2") }
            #expect(error?.isUnavailable == true && error?.sentence.contains("100001") == true)
        }
    }

    @Test("three errors, then success: each is a failure that may be retried")
    func threeErrors() async throws {
        try await SimulatedERP.with { simulated in
            try await simulated.fault(.error, count: 3)
            for _ in 1...3 { #expect(await simulated.submit()?.isUnknown == true) }
            #expect(await simulated.submit() == nil)
            #expect(try await simulated.summary().faults == ["error": 3])
        }
    }

    @Test("over its capacity the ERP asks to slow down, and says for how long", arguments: [429, 503])
    func capacity(status: Int) async throws {
        try await SimulatedERP.with { simulated in
            var capacity = FaultRule(.capacity)
            capacity.limit = 1
            capacity.status = status
            capacity.retryAfter = 7
            try await simulated.fault(capacity)
            try await simulated.fault(.hold)
            let errors = try await withThrowingTaskGroup(of: ERPError?.self) { group in
                for number in 1...4 { group.addTask { await simulated.submit(Fixture.order("\(number)")) } }
                var errors: [ERPError?] = []
                while let error = try await group.next() {
                    errors.append(error)
                    // The one that was let in is held until the others are refused.
                    if errors.count == 3 { try await simulated.clearFaults() }
                }
                return errors
            }
            #expect(errors == Array(repeating: .slowDown(retryAfter: .seconds(7)), count: 3) + [nil])
            #expect(try await simulated.summary().orders == 1)
            #expect(await simulated.submit(Fixture.order("after")) == nil)
        }
    }

    @Test("a fault is scoped by method, path and count, and the control paths are spared")
    func scope() async throws {
        try await SimulatedERP.with { simulated in
            var rule = FaultRule(.error)
            rule.method = "POST"
            rule.path = "/orders"
            rule.count = 1
            try await simulated.fault(rule)
            try await simulated.erp.ping()
            #expect(try await simulated.erp.findOrder(number: "100001") == nil)
            #expect(await simulated.submit()?.isUnknown == true)
            #expect(try await simulated.faults().isEmpty)
            #expect(await simulated.submit() == nil)
        }
    }

    @Test("the same seed makes the same requests fail")
    func seeded() async throws {
        func outcomes() async throws -> [Bool] {
            var rule = FaultRule(.error)
            rule.probability = 0.4
            rule.seed = 42
            var failed: [Bool] = []
            try await SimulatedERP.with(SimulatorOptions(faults: [rule])) { simulated in
                for number in 1...30 { failed.append(await simulated.submit(Fixture.order("\(number)")) != nil) }
            }
            return failed
        }
        let first = try await outcomes()
        #expect(try await outcomes() == first)
        #expect((4...20).contains(first.filter { $0 }.count))
    }

    @Test(
        "a fault that makes no sense is refused",
        arguments: [
            "{}", "no", "[]", #"{"kind":"capacity"}"#, #"{"kind":"x"}"#, #"{"kind":"error","probabilty":0.1}"#,
            #"{"kind":"error","count":"3"}"#, #"{"kind":"capacity","limit":1,"count":2}"#,
            #"{"kind":"capacity","limit":1,"probability":0.5}"#, #"{"kind":"down","path":"/orders"}"#,
            #"{"kind":"hold","seconds":3}"#, #"{"kind":"latency","latency":"soon"}"#,
        ])
    func refusedFault(body: String) async throws {
        try await SimulatedERP.with { simulated in
            let answer = try await simulated.send(.post, "/_simulator/faults", body)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == 400 && !text.contains("DecodingError") && !text.contains("codingPath"))
            #expect(try await simulated.faults().isEmpty)
            #expect(await simulated.submit() == nil)
        }
    }

    @Test(
        "a flag without a meaning is refused like a setting without one", arguments: ["capacity,limit=1,count=2", "x"])
    func refusedFlag(flag: String) {
        #expect(throws: SimulatorError.self) { try FaultRule(flag: "kind=\(flag)") }
    }

    @Test("a held request has done its work, and is answered when the fault is cleared")
    func hold() async throws {
        try await SimulatedERP.with { simulated in
            let rule = try await simulated.fault(FaultRule(.hold, count: 1, method: "POST"))
            async let held = simulated.erp.submit(Fixture.order())
            try await eventually { try await simulated.erp.findOrder(number: "100001") != nil }
            #expect(await simulated.submit(Fixture.order("2")) == nil)
            #expect(try await simulated.faults().map(\.count) == [0])
            #expect(try await simulated.clear(rule.id) == 204)
            #expect(try await held.storeNumber == "100001")
            #expect(try await simulated.audit("100001").map(\.fault).contains("hold"))
        }
    }

    @Test("clearing the faults ends what they hold back", arguments: [FaultRule.Kind.latency, .hang, .hold])
    func clearing(kind: FaultRule.Kind) async throws {
        try await SimulatedERP.with(writeTimeout: .seconds(300)) { simulated in
            var rule = FaultRule(kind, count: 1, method: "POST")
            if kind == .latency { rule.latency = try Latency(text: "200s") }
            try await simulated.fault(rule)
            let start = ContinuousClock.now
            async let error = simulated.submit()
            try await eventually { try await simulated.summary().requests > 0 }
            try await simulated.clearFaults()
            #expect(await error?.isUnknown == (kind == .hang ? true : nil))
            #expect(ContinuousClock.now - start < .seconds(100))
        }
    }
}
