import FleetTesting
import FoundationEssentials
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Each starts a broker, a simulated ERP and workers of its own, one after the other.
@Suite("stevedore rehearse", .serialized, .needsBroker, .timeLimit(.minutes(10)))
struct RehearseTests {
    /// An hour of 600 orders in five seconds, on an ERP that takes 20 calls a second.
    private static let small = [
        "rehearse", "--outage", "1h", "--orders-per-hour", "600", "--speed", "720", "--erp-calls-per-second", "20",
    ]

    private static func start(_ more: [String], in folder: TemporaryDirectory) throws -> ChildProcess {
        try ChildProcess("stevedore", arguments: small + more, environment: ["TMPDIR": folder.path])
    }

    /// The programs that were started below a rehearsal: they have its folder from its environment.
    private static func programs(of folder: TemporaryDirectory) -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.filter { Int32($0) != nil }.filter { number in
            guard let file = FileManager.default.contents(atPath: "/proc/\(number)/environ") else { return false }
            let variables = String(decoding: file, as: UTF8.self).split(separator: "\0")
            return variables.contains { $0 == "TMPDIR=\(folder.path)" }
        }
    }

    /// The broker's own helpers end a moment after it, when they find its pipes closed.
    private static func expectNoPrograms(of folder: TemporaryDirectory) async throws {
        try await eventually(within: .seconds(20), "all programs to end") { programs(of: folder).isEmpty }
    }

    private static func leftovers(of folder: TemporaryDirectory) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test("an outage is played, drained as the arithmetic has it, and nothing is lost; nothing of it is left")
    func plain() async throws {
        let folder = try TemporaryDirectory()
        let run = try Self.start(["--json", "--html", folder.file("outage.html")], in: folder)
        let status = try await run.waitForExit(within: .seconds(240))
        #expect(status == .exited(0), "\(run.errors)")
        let report = try JSONNode(json: Array(run.output.joined(separator: "\n").utf8))
        let (verdict, measured) = (report.part("verdict"), report.part("measured"))
        #expect(verdict["isGood"] == "1")
        for name in ["deadLetters", "unrouted", "attemptsSpent"] { #expect(verdict.number(name) == 0, "\(name)") }
        let placed = (verdict.number("right") ?? 0) + (verdict.number("calledOff") ?? 0)
        // The warm-up's orders and those of the drain come on top.
        #expect(placed >= 700 && placed == measured.number("orders"))
        #expect((verdict.number("calledOff") ?? 0) > 0)
        // What was in a worker's hands when the ERP went is back in the queue: all of the outage waits.
        #expect((measured.number("backlog") ?? 0) >= 600)
        #expect((measured.number("brokerMemoryBytes") ?? 0) > 10_000_000)
        try Self.expectDrain(report.part("projection"), measured)
        let page = try String(contentsOfFile: folder.file("outage.html"), encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.split(separator: "<polyline").count >= 6)
        #expect(Self.leftovers(of: folder) == ["outage.html"])
        try await Self.expectNoPrograms(of: folder)
    }

    /// The ERP, not the fleet, sets the pace: the drain never takes less than the arithmetic says.
    private static func expectDrain(_ projection: JSONNode, _ measured: JSONNode) throws {
        let expected = try #require(projection.number("drainSeconds"))
        let took = try #require(measured.number("drainSeconds"))
        #expect(took >= expected * 7 / 10, "\(took) s, and \(expected) s were expected")
    }

    @Test("workers that are killed and a broker that is killed and started again lose nothing and double nothing")
    func mishaps() async throws {
        let folder = try TemporaryDirectory()
        let more = ["--json", "--kill-workers", "3", "--restart-broker", "--stock-per-hour", "1200", "--seed", "9"]
        let run = try Self.start(more, in: folder)
        let status = try await run.waitForExit(within: .seconds(300))
        #expect(status == .exited(0), "\(run.errors)")
        let report = try JSONNode(json: Array(run.output.joined(separator: "\n").utf8))
        let (verdict, measured) = (report.part("verdict"), report.part("measured"))
        #expect(verdict["isGood"] == "1")
        #expect(measured.number("kills") == 3 && measured.number("brokerRestarts") == 1)
        for name in ["lost", "doubled", "stale", "aliveThoughCalledOff", "neverSent", "wronglyShown"] {
            #expect(verdict.part(name).number("count") == 0, "\(name)")
        }
        #expect(verdict.number("staleStock") == 0)
        #expect(Self.leftovers(of: folder).isEmpty)
    }

    @Test("Ctrl-C in the middle ends every program, removes everything and leaves an older report as it was")
    func interrupted() async throws {
        let folder = try TemporaryDirectory()
        let page = folder.file("outage.html")
        try "older".write(toFile: page, atomically: false, encoding: .utf8)
        let run = try Self.start(["--html", page], in: folder)
        try await run.waitForLine(containing: "the ERP is away", within: .seconds(120))
        run.signal(SIGINT)
        let status = try await run.waitForExit(within: .seconds(60))
        #expect(status == .exited(1), "\(run.errors)")
        #expect(run.errors.contains { $0.contains("was stopped before its end") })
        try await Self.expectNoPrograms(of: folder)
        #expect(Self.leftovers(of: folder) == ["outage.html"])
        #expect(try String(contentsOfFile: page, encoding: .utf8) == "older")
    }

    @Test("killed with -9 it takes its broker, ERP and workers with it")
    func killed() async throws {
        let folder = try TemporaryDirectory()
        let run = try Self.start([], in: folder)
        try await run.waitForLine(containing: "the ERP is away", within: .seconds(120))
        #expect(Self.programs(of: folder).count >= 5)
        run.signal(SIGKILL)
        try await eventually(within: .seconds(60), "all programs to end") { Self.programs(of: folder).isEmpty }
    }

    @Test("an empty virtual host of somebody else's broker is played on, and left as it was found")
    func given() async throws {
        try await TestBroker.withVirtualHost { host in
            let folder = try TemporaryDirectory()
            let run = try Self.start(["--json", "--amqp-url", host.url, "--keep"], in: folder)
            let status = try await run.waitForExit(within: .seconds(240))
            #expect(status == .exited(0), "\(run.errors)")
            let report = try JSONNode(json: Array(run.output.joined(separator: "\n").utf8))
            #expect(!report.part("measured").has("brokerMemoryBytes"))
            let kept = try #require(report["keptIn"])
            #expect(FileManager.default.fileExists(atPath: kept + "/ledger.db"))
            #expect(FileManager.default.fileExists(atPath: kept + "/erp.sqlite"))
            let queues = try await host.queues()
            #expect(queues == [])
        }
    }
}
