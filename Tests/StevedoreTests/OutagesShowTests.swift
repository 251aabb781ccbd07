import FleetTesting
import Foundation
import Glibc
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("stevedore outages show")
struct OutagesShowTests {
    private static let backlog = [FlowBacklog(flow: "orders.to-erp", ready: 1_200, retrying: 30, deadLetters: 2)]

    @Test("without a number it is the one that stands, else the newest")
    func choice() async throws {
        try await OutagesDesk.with { desk in
            await #expect(throws: ProgramError.self) { try await desk.report() }
            try await desk.outage(1, from: "08:00:00")
            try await desk.outage(2, of: "mail", from: "09:00:00", to: "10:00:00")
            #expect(try await desk.report().outage.number == 1)
            try await desk.outage(1, from: "08:00:00", to: "10:30:00")
            #expect(try await desk.report().outage.number == 2)
            await #expect(throws: ProgramError.self) { try await desk.report(7) }
        }
    }

    private static func shown(_ desk: OutagesDesk) async throws -> Int64 {
        let now = try OutagesDesk.now()
        return try await desk.ledger.read { try $0.outage(shownFor: nil, at: now).number }
    }

    private static func notes(beside number: Int64, _ desk: OutagesDesk) async throws -> [String] {
        let now = try OutagesDesk.now()
        return try await desk.ledger.read { try $0.notes(beside: $0.outage(shownFor: number, at: now), at: now) }
    }

    @Test("of several that stand it is that of the ERP, and the other is named")
    func several() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "08:00:00")
            try await desk.outage(2, of: "erp.changes", from: "08:00:00")
            let (shown, notes) = (try await Self.shown(desk), try await Self.notes(beside: 1, desk))
            #expect(shown == 1)
            #expect(notes == ["Outage 2 (erp.changes) stands too: `stevedore outages show 2`."])
            let run = try await desk.run(["show"])
            #expect(run.output.last == notes.first, "\(run.output)")
            let program = try await desk.run(["show", "--json"])
            #expect(program.output.joined().contains("stevedore outages show 2"))
            let named = try await desk.run(["show", "2"])
            #expect(!named.output.joined().contains("stands too"))
        }
    }

    @Test("of those that were over within a minute it is that of the ERP, else the last one")
    func together() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "08:00:00", to: "09:00:30")
            try await desk.outage(2, of: "erp.changes", from: "08:00:00", to: "09:00:00")
            let (first, notes) = (try await Self.shown(desk), try await Self.notes(beside: 1, desk))
            #expect(first == 1 && notes.first?.hasPrefix("Outage 2 (erp.changes) was over within a minute") == true)
            try await desk.outage(3, of: "erp.changes", from: "10:00:00", to: "11:00:00")
            let (last, none) = (try await Self.shown(desk), try await Self.notes(beside: 3, desk))
            #expect(last == 3 && none.isEmpty)
        }
    }

    @Test("while it lasts it says why, who asks, what waits, and how long that would take")
    func standing() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "01:00:00", to: "02:00:00", drained: "02:10:00")
            try await desk.samples(1, [("02:00:00", 6_000), ("02:10:00", 0)])
            try await desk.outage(2, from: "11:00:00")
            let report = try await desk.report().counted(Self.backlog, at: try OutagesDesk.now())
            #expect(report.needsBroker && report.waiting == 1_230)
            let text = report.text(width: nil)
            #expect(text.hasPrefix("The ERP cannot be reached for 1h.\n"))
            #expect(text.contains("Nothing listens there. (erp.unavailable)") && text.contains("Start it."))
            #expect(text.contains("Nobody asks: no worker runs"))
            #expect(text.contains("1,200") && text.contains("orders.to-erp"))
            // 6,000 in ten minutes, as after the first one.
            #expect(text.contains("If it came back now: worked off in 2m 3s (10 a second, as after outage 1)."))
        }
    }

    @Test("while it drains it says when that is done, by how the backlog has shrunk since the end")
    func draining() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "10:00:00", to: "11:58:00")
            try await desk.samples(1, [("11:00:00", 9_000), ("11:58:00", 2_400), ("11:59:00", 1_800)])
            let report = try await desk.report().counted(Self.backlog, at: try OutagesDesk.now())
            #expect(report.standing == .draining && !report.isDrained && !report.needsSecondLook)
            let text = report.text(width: nil)
            #expect(text.contains("what waited is being worked off"))
            #expect(text.contains("Worked off in 2m 3s, if it goes on like that"), "\(text)")
            #expect(text.contains("At most 9,000 waited at once"))
        }
    }

    @Test("two looks say how fast it shrinks where nothing else does")
    func looks() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "10:00:00", to: "11:59:59")
            let now = try OutagesDesk.now()
            let first = try await desk.report().counted(Self.backlog, at: now)
            #expect(first.needsSecondLook)
            let later = FlowBacklog(flow: "orders.to-erp", ready: 1_200)
            let second = first.counted([later], at: now + 1_000_000)
            #expect(second.drainSentence.contains("30 a second, by two looks at the broker just now"))
        }
    }

    @Test("afterwards it is a report: what came in, was answered, became dead letters, and how long that took")
    func over() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "08:00:00", to: "10:00:00", drained: "10:20:00")
            let steps = [
                ("08:30:00", "noted"), ("09:30:00", "noted"), ("10:10:00", "applied"), ("11:00:00", "noted"),
            ]
            for (clock, stage) in steps {
                let entry = JournalEntry(
                    at: try OutagesDesk.at(clock), type: "order.placed.v1", subject: "W-1", revision: 1, stage: stage,
                    code: "ok")
                try await desk.ledger.write { try $0.journal(entry) }
            }
            let report = try await desk.report()
            #expect(!report.needsBroker && report.isDrained && report.standing == .over)
            let text = report.text(width: nil)
            #expect(text.contains("All that had waited was worked off 20m after the end."))
            #expect(text.contains("2 messages came in since it began, and 1 was answered."), "\(text)")
            #expect(text.contains("Nothing became a dead letter meanwhile."))
        }
    }

    @Test("of an outage before the newest nothing of what waits now is said")
    func past() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "01:00:00", to: "02:00:00")
            try await desk.outage(2, from: "11:00:00")
            let report = try await desk.report(1)
            #expect(!report.needsBroker && report.orders == nil)
            #expect(report.drainSentence == "When it was worked off was not written down.")
        }
    }

    @Test("what programs read keeps its names")
    func json() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "11:00:00")
            let report = try await desk.report().counted(Self.backlog, at: try OutagesDesk.now())
            let json = report.json(notes: ["Outage 2 stands too."])
            guard case .object(let members) = json else {
                Issue.record("no object")
                return
            }
            #expect(
                members.map(\.name) == [
                    "number", "destination", "state", "code", "reason", "remedy", "beganAt", "endedAt", "drainedAt",
                    "probes", "probedAt", "relapses", "closedBy", "time", "lastedSeconds", "window", "prober",
                    "nextProbeAt", "waiting", "backlog", "brokerTrouble", "posts", "orders", "drain", "most", "cameIn",
                    "answered", "spared", "isCountedWhole", "deadLetters", "notes",
                ])
            #expect(json["waiting"] == .integer(1_230) && json["drain"]?["seconds"] == .null)
            #expect(json["drain"]?["unknownBecause"] != .null)
            #expect(json["notes"] == .array([.string("Outage 2 stands too.")]))
        }
    }

    @Test("a broker that is away is said, and all else is shown; the page is written for its owner alone")
    func program() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "11:00:00")
            let page = "\(desk.path).html"
            let run = try await desk.run(["show", "--html", page])
            #expect(run.status == .exited(0), "\(run.errors)")
            #expect(run.output.contains { $0.hasPrefix("The broker cannot be asked what waits in its queues: ") })
            #expect(run.errors.contains("stevedore: the page is written to \(page)"))
            let text = try String(contentsOfFile: page, encoding: .utf8)
            #expect(text.contains("The ERP cannot be reached"))
            var status = stat()
            #expect(stat(page, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let unknown = try await desk.run(["show", "9"])
            #expect(unknown.status == .exited(1) && unknown.errors.first == "stevedore: There is no outage 9.")
            let nowhere = try await desk.run(["show", "--html", "/no/such/folder/page.html"])
            #expect(nowhere.status == .exited(64))
        }
    }

    @Test("watching ends by itself when all is worked off, and with Ctrl-C before")
    func watch() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "10:00:00", to: "11:00:00", drained: "11:10:00")
            let over = try await desk.run(["show", "--watch"])
            #expect(over.status == .exited(0))
            try await desk.outage(2, from: "11:30:00")
            let process = try ChildProcess(
                "stevedore", arguments: ["outages", "show", "--watch", "--json"],
                environment: ["STEVEDORE_LEDGER_PATH": desk.path, "STEVEDORE_AMQP_URLS": "amqp://127.0.0.1:1"])
            try await eventually { process.output.count >= 2 }
            process.signal(SIGINT)
            #expect(try await process.waitForExit(within: .seconds(20)) == .exited(0))
        }
    }
}

@Suite("The page of an outage")
struct OutagesPageTests {
    @Test("has no script, loads nothing, and whatever a reason says is text")
    func hostile() async throws {
        try await OutagesDesk.with { desk in
            try await desk.plan("11:30:00", "18:00:00", because: OutagesDesk.hostile, now: "11:20:00")
            try await desk.outage(1, from: "11:00:00", because: OutagesDesk.hostile)
            try await desk.samples(1, [("11:00:00", 1), ("11:40:00", 900)])
            let report = try await desk.report()
            let page = OutagePage(report).text
            #expect(!page.contains("<script") && !page.contains("\u{1B}") && !page.contains("\u{202E}"))
            #expect(page.contains("&lt;script&gt;") && page.contains("default-src 'none'"))
            #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
            #expect(page.contains("<svg") && page.contains("<polyline"))
            let text = report.text(width: 100)
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        }
    }

    private static func readings(_ count: Int, peak: Int) -> [BacklogReading] {
        (0..<count).map { BacklogReading(at: Int64($0) * 1_000_000, waiting: $0 == peak ? 9_999 : 10) }
    }

    @Test("a chart of very many readings is small, and keeps the peak")
    func chart() throws {
        let chart = try #require(OutageChart(Self.readings(100_000, peak: 54_321), endedAt: 60_000_000_000)).text
        #expect(chart.utf8.count < 40_000)
        #expect(chart.contains("at most 9,999") && chart.contains(">ended</text>"))
        #expect(!chart.contains("nan") && !chart.contains("inf"))
    }

    @Test("readings that make no line make no chart", arguments: [0, 1])
    func noChart(count: Int) {
        #expect(OutageChart(Self.readings(count, peak: 0), endedAt: nil) == nil)
    }
}
