import FleetTesting
import Glibc
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("stevedore outages list")
struct OutagesListTests {
    private static func states(_ list: OutageListing) -> [String] {
        list.rows.map { "\($0.outage.number) \($0.standing.text)" }
    }

    @Test("those that stand come first, and of one whose backlog has not been worked off that is said")
    func order() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "01:00:00", to: "02:00:00", drained: "02:30:00")
            try await desk.outage(2, of: "mail", from: "08:00:00")
            try await desk.outage(3, from: "10:00:00", to: "11:00:00")
            try await desk.samples(3, [("11:30:00", 40)])
            let list = try await desk.listing()
            #expect(Self.states(list) == ["2 open", "3 over, draining", "1 over"])
            let text = list.text(width: nil)
            #expect(text.contains("erp.unavailable") && text.contains("4h"))
            try await desk.samples(3, [("11:40:00", 0)])
            #expect(Self.states(try await desk.listing()) == ["2 open", "3 over", "1 over"])
        }
    }

    @Test("an outage before the newest of its destination drains no more, and one that nobody watched neither")
    func older() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "01:00:00", to: "02:00:00")
            try await desk.samples(1, [("02:00:00", 9)])
            try await desk.outage(2, from: "03:00:00", to: "04:00:00")
            #expect(Self.states(try await desk.listing()) == ["2 over", "1 over"])
        }
    }

    @Test("no more than wanted are listed, and that there are more is known; plans of the past are for --all")
    func limits() async throws {
        try await OutagesDesk.with { desk in
            for number in Int64(1)...5 {
                let end = "0\(number):30:00"
                try await desk.outage(number, from: "0\(number):00:00", to: end, drained: end)
            }
            try await desk.plan("06:00:00", "07:00:00", now: "05:00:00")
            try await desk.plan("22:00:00", "23:00:00")
            let list = try await desk.listing(limit: 2)
            #expect(Self.states(list) == ["5 over", "4 over"] && list.isCut)
            #expect(list.windows.map(\.number) == [2])
            let all = try await desk.listing(limit: .max, all: true)
            #expect(all.rows.count == 5 && !all.isCut && all.windows.map(\.number) == [1, 2])
            #expect(all.text(width: nil).contains("in 10h"))
        }
    }

    @Test("what programs read keeps its names")
    func json() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "11:00:00")
            try await desk.plan("22:00:00", "23:00:00")
            let json = try await desk.listing().json.compact
            let outage: String =
                #"{"number":1,"destination":"erp","state":"open","code":"erp.unavailable","#
                + #""reason":"Nothing listens there.","remedy":"Start it.","beganAt":"2026-03-10T11:00:00Z","#
                + #""endedAt":null,"drainedAt":null,"probes":0,"probedAt":null,"relapses":0,"closedBy":null,"#
                + #""lastedSeconds":3600}"#
            let window: String =
                #"{"number":1,"destination":"erp","startsAt":"2026-03-10T22:00:00Z","#
                + #""endsAt":"2026-03-10T23:00:00Z","reason":"The ERP is upgraded.","plannedBy":"anna@console-2","#
                + #""plannedAt":"2026-03-10T12:00:00Z","cancelledAt":null}"#
            #expect(json == "{\"time\":\"2026-03-10T12:00:00Z\",\"outages\":[\(outage)],\"planned\":[\(window)]}")
        }
    }

    @Test("nothing is a sentence, not an empty table")
    func nothing() async throws {
        try await OutagesDesk.with { desk in
            let run = try await desk.run([])
            #expect(run.status == .exited(0))
            #expect(run.output == ["There has been no outage, and none is planned."])
        }
    }

    @Test("a list and a page say the same of how far it is")
    func oneWording() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "10:00:00", to: "11:00:00")
            try await desk.samples(1, [("11:30:00", 40)])
            let emptied = [FlowBacklog(flow: "orders.to-erp", ready: 0)]
            let page = try await desk.report().counted(emptied, at: try OutagesDesk.now())
            let list = try await desk.listing()
            #expect(list.rows.map(\.standing) == [page.standing] && page.standing.text == "over, draining")
            #expect(page.drainSentence.hasPrefix("Nothing waits any more"))
        }
    }

    @Test("windows stand under their own heading, and are called windows")
    func windows() async throws {
        try await OutagesDesk.with { desk in
            let window = try await desk.plan("22:00:00", "23:00:00")
            let list = try await desk.listing().text(width: nil)
            #expect(list.contains("WINDOW"))
            #expect(WindowText.line(window).hasPrefix("window 1: "))
            let cancelled = WindowText.cancelled(window, now: try OutagesDesk.now())
            #expect(cancelled.hasPrefix("Window 1, a planned outage of erp, is called off."))
        }
    }

    @Test("before the first worker has run there is nothing yet; a ledger without these tables says what to start")
    func noLedger() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let environment = ["STEVEDORE_LEDGER_PATH": path]
            let missing = try ChildProcess("stevedore", arguments: ["outages"], environment: environment)
            #expect(try await missing.waitForExit() == .exited(0))
            #expect(missing.output.first?.hasPrefix("There is nothing yet: ") == true)
            let programs = try ChildProcess("stevedore", arguments: ["outages", "--json"], environment: environment)
            #expect(try await programs.waitForExit() == .exited(0))
            #expect(programs.output.contains { $0.contains("\"outages\": []") })
            #expect(access(path, F_OK) != 0, "looking makes no file")
            let ledger = try Ledger.open(path: path)
            await ledger.close()
            let bare = try ChildProcess("stevedore", arguments: ["outages"], environment: environment)
            #expect(try await bare.waitForExit() == .exited(1))
            #expect(bare.errors.contains { $0.contains("Start a worker of this version") })
        }
    }

    @Test("wrong usage is exit code 64", arguments: [["list", "--limit", "0"], ["list", "--all", "--limit", "3"]])
    func usage(arguments: [String]) async throws {
        let process = try ChildProcess("stevedore", arguments: ["outages"] + arguments)
        #expect(try await process.waitForExit() == .exited(64))
    }
}
