import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A small ERP that serves the interface of `openapi.yaml` and fails on demand.
public final class Simulator: Sendable {
    /// Where a running simulator is reached.
    public struct Addresses: Hashable, Sendable {
        /// The ERP, faults and all: `http://host:port`.
        public var erp: String
        /// The control paths on a listener of their own, open also when the ERP is down.
        public var control: String
    }

    private let options: SimulatorOptions
    private let books: Books
    private let player: DayPlayer
    private let quotes: QuoteDesk
    private let faults = FaultBoard()
    private let gate = Gate()
    private let faultSwitch: FaultSwitch
    private let onControl: @Sendable (String) -> Void
    private let onReady: @Sendable (Addresses) -> Void

    /// Opens the books, fills them where they are new, and switches the first faults on.
    ///
    /// `onControl` is told once, when the control paths are open: they are also when the ERP is down. `onReady` is told
    /// once, after it, when both listeners are open.
    public init(
        _ options: SimulatorOptions,
        onControl: @escaping @Sendable (String) -> Void = { _ in },
        onReady: @escaping @Sendable (Addresses) -> Void
    ) throws(SimulatorError) {
        self.options = options
        self.onControl = onControl
        self.onReady = onReady
        let clock = CompanyClock()
        books = try Books(path: options.database, clock: clock, isStockFinite: options.isStockFinite)
        let today = try books.fill(
            options.masterData, today: options.today.flatMap(BusinessDay.init) ?? BusinessDay(clock.now))
        player = DayPlayer(books: books, masterData: options.masterData, today: today)
        quotes = QuoteDesk(today: today)
        faultSwitch = FaultSwitch(faults: faults, gate: gate, clock: clock)
        for rule in options.faults { _ = try faultSwitch.on(rule) }
    }

    /// Serves until the task is cancelled, or the process is asked to stop when `signals` are minded.
    public func run(mindingSignals signals: Bool = false) async throws {
        defer { player.stop() }
        let control = Listener(host: options.host, port: options.controlPort, gate: nil)
        let erp = Listener(host: options.host, port: options.port, gate: gate)
        let ready = ReadyBell(onControl, onReady)
        let group = ServiceGroup(
            services: [
                ListenerService(listener: control, responder: responder(isControl: true)) { ready.control($0) },
                ListenerService(listener: erp, responder: responder(isControl: false)) { ready.erp($0) },
            ],
            gracefulShutdownSignals: signals ? [.sigterm, .sigint] : [],
            logger: Listener.logger)
        try await group.run()
    }

    private func responder(isControl: Bool) -> RouterResponder<SimulatorContext> {
        let router = Router(context: SimulatorContext.self)
        let control = ControlRoutes(
            books: books, faults: faults, faultSwitch: faultSwitch, masterData: options.masterData, player: player)
        control.add(to: router)
        guard !isControl else { return router.buildResponder() }
        router.addMiddleware { FaultMiddleware(faults: faults, books: books) }
        let desk = OrderDesk(masterData: options.masterData, invoice: Invoice(desk: quotes))
        let answer = AuditedAnswer(books: books, apiKey: options.apiKey)
        OrderRoutes(desk: desk, answer: answer).add(to: router)
        QuoteRoutes(desk: quotes, answer: answer).add(to: router)
        ChangeRoutes(answer: answer).add(to: router)
        return router.buildResponder()
    }
}

/// Rings once, when both addresses are known.
private final class ReadyBell: Sendable {
    private struct State {
        var control: String?
        var erp: String?
        var hasRung = false
    }

    private let state = Mutex(State())
    private let onControl: @Sendable (String) -> Void
    private let onReady: @Sendable (Simulator.Addresses) -> Void

    init(
        _ onControl: @escaping @Sendable (String) -> Void,
        _ onReady: @escaping @Sendable (Simulator.Addresses) -> Void
    ) {
        self.onControl = onControl
        self.onReady = onReady
    }

    func control(_ address: String) {
        onControl(address)
        ring { $0.control = address }
    }

    func erp(_ address: String) { ring { $0.erp = address } }

    private func ring(_ change: (inout State) -> Void) {
        let addresses: Simulator.Addresses? = state.withLock { state in
            change(&state)
            guard !state.hasRung, let control = state.control, let erp = state.erp else { return nil }
            state.hasRung = true
            return Simulator.Addresses(erp: erp, control: control)
        }
        if let addresses { onReady(addresses) }
    }
}
