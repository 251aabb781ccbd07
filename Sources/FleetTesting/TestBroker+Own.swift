import Glibc

extension TestBroker {
    /// Starts a broker of the test's own, on free ports and with its own data, and stops it however the body ends.
    ///
    /// One node takes about four seconds. Give the suite `.serialized` when it starts several.
    public static func withOwn<Result>(
        nodes: Int = 1, tls: Bool = false,
        isolation: isolated (any Actor)? = #isolation, _ body: (TestBroker) async throws -> Result
    ) async throws -> Result {
        let place = try TemporaryDirectory()
        let directory = place.file("broker")
        let stop = ["stop", "--dir", directory, "--purge"]
        let result: Swift.Result<Result, any Error>
        do {
            let lines = try await ChildProcess.run(
                script,
                arguments: ["start", "--port", "0", "--dir", directory, "--nodes", "\(nodes)"] + (tls ? ["--tls"] : []),
                within: .seconds(150))
            result = .success(try await body(TestBroker(directory: directory, said: lines)))
        } catch {
            result = .failure(error)
        }
        try await ChildProcess.run(script, arguments: stop)
        withExtendedLifetime(place) {}
        return try result.get()
    }

    private init(directory: String, said: String) throws(TestingError) {
        let lines = said.split(separator: "\n").map(String.init)
        urls = lines.filter { $0.hasPrefix("amqp:") }
        secureURL = lines.first { $0.hasPrefix("amqps:") }
        certificates = secureURL == nil ? nil : TestCertificates(directory: "\(directory)/tls")
        self.directory = directory
        guard !urls.isEmpty else { throw .missing("scripts/broker printed no URL: \(said)") }
    }

    /// `kill -9` of a node's process; all nodes without a number.
    public func kill(node: Int? = nil) async throws {
        try await ChildProcess.run(Self.script, arguments: ["kill"] + place + (node.map { ["--node", "\($0)"] } ?? []))
    }

    /// What kills the first node (`kill -9`) the moment it is called, for a kill in the middle of something quick.
    /// ``kill(node:)`` takes some tenths of a second.
    public func killer() async throws -> @Sendable () -> Void {
        // 3.10.8 forgets queues that are younger than three seconds; see scripts/broker.
        let answer = try await evaluate("[dets:sync(T) || T <- dets:all()], os:getpid().")
        guard let pid = Int32(answer.filter(\.isNumber)), pid > 1 else {
            throw TestingError.missing("the process number of the broker: \(answer)")
        }
        return { Glibc.kill(pid, SIGKILL) }
    }

    /// Starts what does not run, with the data it had, and returns when it confirms publishes.
    public func start() async throws {
        try await ChildProcess.run(Self.script, arguments: ["start"] + place, within: .seconds(150))
    }

    /// Ends all nodes cleanly; their data stay.
    public func stop() async throws {
        try await ChildProcess.run(Self.script, arguments: ["stop"] + place)
    }

    /// Puts the memory alarm on or off: under it the broker reads nothing from connections that publish.
    public func setMemoryAlarm(_ on: Bool) async throws {
        try await evaluate("vm_memory_monitor:set_vm_memory_high_watermark(\(on ? "0.00001" : "0.6")), ok.")
        try await awaitAlarm("memory", on)
    }

    /// Puts the disk alarm on or off.
    public func setDiskAlarm(_ on: Bool) async throws {
        try await evaluate("rabbit_disk_monitor:set_disk_free_limit(\(on ? "1000000000000000" : "20000000")), ok.")
        try await awaitAlarm("disk", on)
    }

    private func awaitAlarm(_ kind: String, _ on: Bool) async throws {
        try await eventually("the \(kind) alarm to be \(on ? "on" : "off")") {
            let alarms = try await evaluate("[1 || {{resource_limit, \(kind), _}, _} <- rabbit_alarm:get_alarms()].")
            return (alarms != "[]") == on
        }
    }

    private var place: [String] { ["--dir", directory] }
}
