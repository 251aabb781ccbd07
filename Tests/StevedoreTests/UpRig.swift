import FleetTesting
import FoundationEssentials
import HTTPClient
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `stevedore up --with-simulator` on a virtual host of its own.
struct UpRig {
    let host: VirtualHost
    let folder: TemporaryDirectory
    /// Where the simulator is to listen.
    let address: String

    static func with(_ body: (UpRig) async throws -> Void) async throws {
        try await TestBroker.withVirtualHost { host in
            let folder = try TemporaryDirectory()
            let rig = UpRig(host: host, folder: folder, address: "http://127.0.0.1:\(try KeptPort.next())")
            try await body(rig)
            withExtendedLifetime(folder) {}
        }
    }

    var environment: [String: String] {
        [
            "STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": ledger, "STEVEDORE_ERP_REST_URL": address,
            "STEVEDORE_WORKER_LEASE": "2s", "STEVEDORE_WORKER_GRACE": "10s",
        ]
    }

    private var ledger: String { folder.file("ledger.db") }

    func start() throws -> ChildProcess {
        try ChildProcess("stevedore", arguments: ["up", "--with-simulator"], environment: environment)
    }

    /// Publishes an order for each number.
    func publish(_ numbers: [String]) async throws {
        let file = folder.file("orders-\(numbers.first ?? "").ndjson")
        try StoreOrders.write(numbers, to: file)
        try await ChildProcess.run("stevedore", arguments: ["publish", file], environment: environment)
    }

    /// How many orders the simulator that runs now has in its books.
    func ordersInERP(_ up: ChildProcess) async throws -> (orders: Int, creates: Int) {
        let sign = "control on "
        let line = try #require(up.output.last { $0.contains(sign) })
        let control = try #require(line.firstRange(of: sign)).upperBound
        let client = try HTTPClient()
        let answer = try await client.send(HTTPRequest(url: "\(line[control...])/_simulator/summary"))
        await client.close()
        let summary = try JSONDecoder().decode(Summary.self, from: Data(answer.body))
        return (summary.orders, summary.creates)
    }

    private struct Summary: Decodable {
        var orders: Int
        var creates: Int
    }

    /// The running programs of this fleet, by their program's name, known by their environment.
    func programs() -> [(name: String, pid: Int32)] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let pid = Int32(entry),
                Self.environment(of: pid).contains("STEVEDORE_LEDGER_PATH=\(ledger)\0"),
                let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
            else { return nil }
            return (path.split(separator: "/").last.map { $0.lowercased().filter { $0 != "-" } } ?? "", pid)
        }
    }

    /// Empty when the process is gone, or is another's.
    private static func environment(of pid: Int32) -> String {
        guard let file = fopen("/proc/\(pid)/environ", "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256 * 1_024)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Waits until none of the fleet's programs runs any more.
    func waitUntilAllGone() async throws {
        try await eventually(within: .seconds(40), "all programs to be gone; there are \(programs())") {
            programs().isEmpty
        }
    }
}
