internal import Fleet
internal import RabbitMQ
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// A RabbitMQ of the rehearsal's own, as this machine's package has it: on free ports of 127.0.0.1, with its own node name,
/// cookie, data and `epmd`, without plugins. A broker that runs on the system is never touched.
final class PrivateBroker: Sendable {
    private let site: RehearsalSite
    private let port: Int
    private let home: String
    private let programs: BrokerPrograms
    private let node = Mutex<RehearsedProgram?>(nil)
    private static let patience = Duration.seconds(120)

    var url: String { "amqp://guest:guest@127.0.0.1:\(port)" }

    /// The Erlang VM; its memory is the broker's.
    var process: pid_t? { node.withLock { $0?.process } }

    /// Where it keeps its messages.
    var data: String { home + "/data" }

    /// Starts it and waits until it takes connections.
    static func start(on site: RehearsalSite) async throws(ProgramError) -> PrivateBroker {
        let broker = try PrivateBroker(on: site)
        try await broker.launch()
        return broker
    }

    private init(on site: RehearsalSite) throws(ProgramError) {
        self.site = site
        programs = try BrokerPrograms.find()
        port = try FreePorts.take(10)
        home = try site.folder.folder("broker")
        for name in ["data", "log", "config", "plugins"] { _ = try site.folder.folder("broker/\(name)") }
        for (name, text) in Self.files(port) { try site.folder.write(text, to: "broker/\(name)") }
        let cookie = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 16) }.joined()
        try site.folder.write(cookie, to: "broker/.erlang.cookie", mode: 0o400)
        _ = try site.start(
            "epmd", path: programs.epmd, arguments: ["-port", "\(port + 9)", "-address", "127.0.0.1"],
            environment: environment)
    }

    /// `kill -9`, and started again with the data it had. Returns when it takes connections.
    func restart() async throws(ProgramError) {
        if let running = node.withLock({ $0 }) { await running.kill() }
        try await launch()
    }

    /// Whether it ended by itself.
    func check() throws(ProgramError) {
        guard let node = node.withLock({ $0 }), let end = node.ended else { return }
        throw RehearsalError.ended("The broker", end, node.lastWords)
    }

    /// What a broker had on its way from a retry tier when it was killed, it sends again after three minutes of its own clock,
    /// which is a day of a rehearsal's.
    private static let advanced = "[{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 3000}]}].\n"

    private func launch() async throws(ProgramError) {
        let started = try site.start("broker", path: programs.server, environment: environment)
        node.withLock { $0 = started }
        let deadline = ContinuousClock.now + Self.patience
        while !(await isThere()) {
            let isLost = started.ended != nil || ContinuousClock.now > deadline
            if isLost { throw RehearsalError.notStarted("The broker", started.lastWords) }
            try await site.rest(.milliseconds(250))
        }
    }

    private func isThere() async -> Bool {
        do throws(BrokerError) {
            let admin = try BrokerAdmin(
                configuration: try BrokerConfiguration(
                    urls: [url], connectionName: "stevedore-rehearse", connectTimeout: .seconds(5)))
            _ = try await admin.connect()
            await admin.close()
            return true
        } catch {
            return false
        }
    }

    // MARK: - How it is started

    private static func files(_ port: Int) -> [(String, String)] {
        [
            (
                "rabbitmq.conf",
                "listeners.tcp.1 = 127.0.0.1:\(port)\nlog.file.level = info\ndisk_free_limit.absolute = 20MB\n"
            ),
            ("enabled_plugins", "[].\n"), ("advanced.config", Self.advanced), ("env.conf", ""),
        ]
    }

    /// Everything that the package's scripts read, so that nothing is taken from the system's own broker.
    private var environment: [String: String] {
        var all = RehearsalSite.environment
        for (name, value) in places { all["RABBITMQ_" + name] = home + "/" + value }
        for (name, value) in settings { all[name] = value }
        return all
    }

    private var places: [(String, String)] {
        [
            ("MNESIA_BASE", "data"), ("LOG_BASE", "log"), ("PID_FILE", "pid"), ("CONFIG_FILE", "rabbitmq.conf"),
            ("ADVANCED_CONFIG_FILE", "advanced.config"), ("CONF_ENV_FILE", "env.conf"),
            ("ENABLED_PLUGINS_FILE", "enabled_plugins"), ("GENERATED_CONFIG_DIR", "config"),
            ("PLUGINS_EXPAND_DIR", "plugins"),
        ]
    }

    private var settings: [(String, String)] {
        [
            ("HOME", home), ("LANG", "C.UTF-8"), ("PATH", BrokerPrograms.path), ("ERL_EPMD_PORT", "\(port + 9)"),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"), ("ERL_CRASH_DUMP_SECONDS", "0"),
            ("RABBITMQ_NODENAME", "rehearsal\(port)@localhost"), ("RABBITMQ_USE_LONGNAME", "false"),
            ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"), ("RABBITMQ_NODE_PORT", "\(port)"),
            ("RABBITMQ_DIST_PORT", "\(port + 2)"),
            // With input "allowed" the script becomes the Erlang VM instead of waiting for it: one process to mind.
            ("RABBITMQ_ALLOW_INPUT", "1"),
            (
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-noinput -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        ]
    }
}

/// Where this machine has RabbitMQ and the Erlang port mapper.
struct BrokerPrograms: Hashable, Sendable {
    var server: String
    var epmd: String

    /// Not the one in `/usr/sbin`, which wants to be root.
    static func find(
        servers: [String] = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server"],
        path: String = Self.path
    ) throws(ProgramError) -> BrokerPrograms {
        guard let server = servers.first(where: isExecutable) else {
            throw RehearsalError.noServer(servers.first ?? "rabbitmq-server")
        }
        let folders = path.split(separator: ":").map(String.init)
        guard let epmd = folders.map({ $0 + "/epmd" }).first(where: isExecutable) else {
            throw RehearsalError.noServer("epmd on the PATH")
        }
        return BrokerPrograms(server: server, epmd: epmd)
    }

    static var path: String {
        let own = ProgramLauncher.environment["PATH"] ?? ""
        return own.isEmpty ? "/usr/bin:/bin" : own + ":/usr/bin:/bin"
    }

    private static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }
}
