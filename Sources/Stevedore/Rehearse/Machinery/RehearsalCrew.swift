internal import Fleet
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// The worker programs of a rehearsal: the real ones, with settings of their own.
final class RehearsalCrew: Sendable {
    /// What of the user's own settings counts, and where everything is.
    struct Settings: Sendable {
        var brokerURL: String
        var erpURL: String
        var ledger: String
        var prefetch: Int
        var callPrefetch: Int
        /// On a real clock.
        var outageAfter: Duration
        var workers: Int
        var hasStock: Bool
        var hasQuotes: Bool
    }

    private let site: RehearsalSite
    private let settings: Settings
    private let programs = Mutex<[String: RehearsedProgram]>([:])
    /// How many have been killed on purpose.
    private let kills = Mutex(0)
    private static let config = "stevedore.yaml"
    private static let grace = Duration.seconds(20)

    init(_ settings: Settings, on site: RehearsalSite) throws(ProgramError) {
        (self.settings, self.site) = (settings, site)
        try site.folder.write(settings.yaml, to: Self.config)
    }

    /// Whether every program that the rehearsal needs lies beside our own.
    static func checkPrograms(hasStock: Bool, hasQuotes: Bool) throws(ProgramError) {
        let others = (hasStock ? ["inventory-worker"] : []) + (hasQuotes ? ["quotes-worker"] : [])
        for name in ["erp-simulator", "orders-worker", "alerts-worker"] + others { _ = try ChildProgram.sibling(name) }
    }

    var killed: Int { kills.withLock { $0 } }

    /// Starts whoever does not run.
    func start() throws(ProgramError) {
        for label in labels {
            let runs = programs.withLock { programs in programs[label].map { $0.ended == nil } ?? false }
            if !runs { try start(label) }
        }
    }

    /// `kill -9` of the next orders worker in turn, and another in its place.
    func killOne() async throws(ProgramError) {
        let number = kills.withLock { kills in
            kills += 1
            return (kills - 1) % settings.workers + 1
        }
        let label = "orders-worker.\(number)"
        if let program = programs.withLock({ $0[label] }) { await program.kill() }
        try start(label)
    }

    /// A worker that ended by itself is the end of the rehearsal.
    func check() throws(ProgramError) {
        for (label, program) in programs.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            guard let end = program.ended else { continue }
            throw RehearsalError.ended(label, end, program.lastWords)
        }
    }

    /// Asks all to finish what they hold, and waits for it. Who had to be killed is named.
    func stop() async -> [String] {
        let running = programs.withLock { programs in
            defer { programs = [:] }
            return programs
        }
        for program in running.values { program.signal(SIGTERM) }
        var stubborn: [String] = []
        for (label, program) in running {
            let endedByItself = await program.stop(within: Self.grace)
            if !endedByItself { stubborn.append(label) }
        }
        return stubborn.sorted()
    }

    /// The bytes that the orders workers have in memory together.
    var residentBytes: Int {
        let orders = programs.withLock { $0.filter { $0.key.hasPrefix("orders-worker") } }
        return orders.values.reduce(0) { $0 + (ProcessMemory.resident($1.process) ?? 0) }
    }

    private var labels: [String] {
        (1...settings.workers).map { "orders-worker.\($0)" } + ["alerts-worker"]
            + (settings.hasStock ? ["inventory-worker"] : []) + (settings.hasQuotes ? ["quotes-worker"] : [])
    }

    private func start(_ label: String) throws(ProgramError) {
        let name = String(label.prefix { $0 != "." })
        let program = try site.start(
            label, path: try ChildProgram.sibling(name), arguments: ["--config", site.folder.file(Self.config)],
            environment: RehearsalSite.environment)
        programs.withLock { $0[label] = program }
    }
}

extension RehearsalCrew.Settings {
    /// The settings file of all workers.
    var yaml: String {
        """
        amqp:
          urls: \(Self.quoted(brokerURL))
        ledger:
          path: \(Self.quoted(ledger))
        erp:
          rest:
            url: \(Self.quoted(erpURL))
        worker:
          prefetch: \(prefetch)
          call-prefetch: \(callPrefetch)
          lease: 2s
          grace: 10s
        alerts:
          outage-after: \(max(1_000, Int(outageAfter / .milliseconds(1))))ms
          disk-free: 0%

        """
    }

    /// As YAML has it: nothing in it is special but the quote.
    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
