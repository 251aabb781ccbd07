import FleetTesting
import Ledger
import Models
import Synchronization
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("The disk of the ledger runs full", .timeLimit(.minutes(2)))
struct DiskPostTests {
    /// A disk of 100 GB.
    final class Disk: Sendable {
        private let room = Mutex<FreeRoom?>(nil)

        var now: FreeRoom? { room.withLock(\.self) }

        func leave(_ gigabytes: Double?) {
            let free = gigabytes.map { Int64($0 * 1_000_000_000) }
            room.withLock { $0 = free.map { FreeRoom(free: $0, size: 100_000_000_000, ledger: 80_000_000) } }
        }
    }

    private static func with(_ body: (WatchDesk, Disk) async throws -> Void) async throws {
        try await WatchDesk.with { desk in
            let disk = Disk()
            let post = DiskPost(path: "data/ledger.db", limits: DiskLimits(), room: { disk.now })
            let watchman = Watchman(
                ledger: desk.ledger, book: WatchDesk.book, posts: [post], logger: desk.watchman.logger)
            try await body(WatchDesk(ledger: desk.ledger, watchman: watchman), disk)
        }
    }

    /// What is said once so much is free, as `severity sentence`.
    private static func said(
        _ gigabytes: Double?, at second: Int64, _ desk: WatchDesk, _ disk: Disk
    ) async throws -> [String] {
        disk.leave(gigabytes)
        return try await desk.look(at: second).map { alert in
            let mark = alert.state == .open ? alert.severity.rawValue : "resolved"
            return "\(mark) \(alert.sentence)"
        }
    }

    @Test("people are warned, told that it has become critical, and told its end")
    func whole() async throws {
        try await Self.with { desk, disk in
            let before = try await Self.said(5.1, at: 0, desk, disk)
            #expect(before.isEmpty)
            disk.leave(4.9)
            let alerts = try await desk.look(at: 10)
            let alert = try #require(alerts.first)
            #expect(alerts.count == 1 && alert.key == "ledger/disk" && alert.code == "ledger.disk")
            #expect(alert.severity == .warning && alert.commands == ["df -h data"])
            #expect(alert.sentence.hasPrefix("Less than 5 GB of 100 GB are free on the disk of the ledger. When"))
            #expect(alert.sentence.contains("nothing is lost") && alert.remedy.contains("Make room"))
            let critical = try await Self.said(0.9, at: 20, desk, disk)
            #expect(critical.first?.hasPrefix("critical Less than 1 GB of 100 GB") == true)
            let ended = try await Self.said(6.3, at: 30, desk, disk)
            #expect(ended == ["resolved The disk of the ledger has room again: 6.3 GB of 100 GB are free."])
            let planned = try await desk.notices(of: "ledger/disk")
            #expect(planned == ["raised dropped"])
        }
    }

    @Test("around a limit nothing is said over and over")
    func steady() async throws {
        try await Self.with { desk, disk in
            var second: Int64 = 0
            var count = 0
            for free in [4.9, 5.1, 4.9, 5.1, 4.9, 6.2, 4.2, 3.9, 4.9] {
                second += 10
                count += try await Self.said(free, at: second, desk, disk).count
            }
            // Less than 5 GB, less than 10 GB, which stays true down to 4 GB, and less than 5 GB again.
            #expect(count == 3)
            let critical = try await Self.said(0.99, at: 100, desk, disk)
            #expect(critical.first?.hasPrefix("critical Less than 1 GB") == true)
            let higher = try await Self.said(1.1, at: 110, desk, disk)
            #expect(higher.first?.hasPrefix("critical Less than 2 GB") == true)
            let lower = try await Self.said(0.99, at: 120, desk, disk)
            #expect(lower.isEmpty)
        }
    }

    @Test("a disk that does not say how full it is has not become empty")
    func silent() async throws {
        try await Self.with { desk, disk in
            let warned = try await Self.said(2.5, at: 0, desk, disk)
            #expect(warned.count == 1)
            let silent = try await Self.said(nil, at: 10, desk, disk)
            #expect(silent.isEmpty)
        }
    }

    @Test("once the ledger is a day old, the alert says what a day takes")
    func pace() async throws {
        try await Self.with { desk, disk in
            let start = WatchDesk.at(-2 * 86_400)
            _ = try await desk.ledger.write { transaction in
                try transaction.execute(
                    "INSERT INTO journal (at, stage, code) VALUES (?, 'done', 'ok')", .integer(start))
            }
            let warned = try await Self.said(2.5, at: 0, desk, disk)
            #expect(warned.first?.contains("takes some 40 MB a day") == true, "\(warned)")
        }
    }

    @Test(
        "the setting is a share, an amount, or the lesser of both",
        arguments: [
            ("10%, 5GB", 5_000_000_000), ("10%,500GB", 100_000_000_000), ("20GB", 20_000_000_000),
            ("3%", 30_000_000_000), ("0%", 0), ("1TB", 1_000_000_000_000),
        ] as [(String, Int64)])
    func setting(text: String, limit: Int64) throws {
        let configuration = try Configuration(file: nil, environment: ["STEVEDORE_ALERTS_DISK_FREE": text])
        let limits = configuration.alertDiskLimits
        #expect(limits.warning(of: 1_000_000_000_000) == limit)
        let warned = limits.severity(free: max(limit - 1, 0), of: 1_000_000_000_000, after: nil)
        let expected: Alert.Severity? = limit == 0 ? nil : .warning
        #expect(warned == expected)
    }

    @Test("anything else is a fault", arguments: ["lots", "5 GB", "5gb", "95%", "5%, 6%", "-5%", "5", "1GB, 2GB", "%"])
    func wrong(text: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(file: nil, environment: ["STEVEDORE_ALERTS_DISK_FREE": text])
        }
        let faults = error?.faults.map(\.description) ?? []
        #expect(faults.count == 1 && faults.first?.contains("alerts.disk-free") == true, "\(faults)")
    }

    @Test("without the setting a large disk may have 5 GB left, and a small one a tenth")
    func standard() throws {
        let limits = try Configuration(file: nil, environment: [:]).alertDiskLimits
        #expect(limits == DiskLimits())
        #expect(limits.warning(of: 4_000_000_000_000) == 5_000_000_000)
        #expect(limits.warning(of: 2_000_000_000) == 200_000_000)
    }

    @Test("the room is that of the disk which the ledger lies on")
    func room() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let before = try #require(FreeRoom.around(path))
            #expect(before.ledger == 0 && before.size >= before.free)
            let ledger = try Ledger.open(path: path)
            await ledger.close()
            let after = try #require(FreeRoom.around(path))
            #expect(after.ledger >= 4_096 && after.size == before.size)
            #expect(FreeRoom.around(directory.file("nowhere/ledger.db")) == nil)
        }
        #expect(FreeRoom.directory(of: "ledger.db") == "." && FreeRoom.directory(of: "/ledger.db") == "/")
    }
}
