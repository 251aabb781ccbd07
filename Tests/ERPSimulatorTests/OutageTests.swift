import ERP
import ERPSimulatorCore
import FleetTesting
import HTTPClient
import Testing

/// An ERP that is not there, through the real adapter over loopback.
@Suite struct OutageTests {
    @Test("an ERP that is down refuses connections, and takes orders when it is back on the same port")
    func down() async throws {
        try await SimulatedERP.with(try .onKeptPort()) { simulated in
            _ = try await simulated.erp.submit(Fixture.order("before"))
            try await simulated.fault(.down)
            try await simulated.expectUnreachable()
            #expect(try await simulated.faults().map(\.kind) == [.down])
            try await simulated.clearFaults()
            try await eventually { await simulated.submit() == nil }
            #expect(try await simulated.summary().orders == 2)
        }
    }

    @Test("who was told that the ERP is down reaches it no more, over no connection")
    func downAtOnce() async throws {
        try await SimulatedERP.with(try .onKeptPort()) { simulated in
            for _ in 0..<30 {
                // Each leaves a connection behind that the next request would use.
                try await eventually { await simulated.submit() == nil }
                try await simulated.fault(.down)
                try await simulated.expectUnreachable()
                try await simulated.clearFaults()
            }
        }
    }

    @Test("an outage with a time ends by itself")
    func timedOutage() async throws {
        try await SimulatedERP.with(try .onKeptPort()) { simulated in
            var down = FaultRule(.down)
            down.seconds = 0.2
            try await simulated.fault(down)
            try await eventually { await simulated.submit() == nil }
            #expect(try await simulated.faults().isEmpty)
        }
    }

    @Test("a port that somebody else got meanwhile is waited for")
    func takenPort() async throws {
        try await SimulatedERP.with(try .onKeptPort()) { simulated in
            try await simulated.fault(.down)
            let port = try #require(simulated.addresses.erp.split(separator: ":").last.flatMap { Int($0) })
            var thief: PortThief?
            try await eventually {
                thief = PortThief(port: port)
                return thief != nil
            }
            try await simulated.clearFaults()
            // As long as it is taken nobody answers, and the simulator does not give up.
            for _ in 0..<5 { #expect(await simulated.submit()?.isUnavailable == true) }
            #expect(try await simulated.summary().orders == 0)
            thief = nil
            try await eventually { await simulated.submit() == nil }
        }
    }

    @Test("the ERP stays down until the last outage ends")
    func twoOutages() async throws {
        try await SimulatedERP.with(try .onKeptPort()) { simulated in
            let first = try await simulated.fault(FaultRule(.down))
            var timed = FaultRule(.down)
            timed.seconds = 0.05
            try await simulated.fault(timed)
            try await eventually { try await simulated.faults().count == 1 }
            let last = try await simulated.fault(FaultRule(.down))
            #expect(try await simulated.clear(first.id) == 204)
            try await simulated.expectUnreachable()
            #expect(try await simulated.clear(last.id) == 204)
            try await eventually { await simulated.submit() == nil }
        }
    }

    @Test("an ERP that is down from the start is brought up through its control address")
    func downFromTheStart() async throws {
        try await SimulatedERP.withControl(SimulatorOptions(faults: [FaultRule(.down)])) { control, client in
            let url = control + "/_simulator/faults"
            let statuses = [
                try await client.send(HTTPRequest(url: url)).status,
                try await client.send(HTTPRequest(method: .delete, url: url)).status,
            ]
            #expect(statuses == [200, 204])
        } ready: { simulated in
            #expect(await simulated.submit() == nil)
        }
    }
}
