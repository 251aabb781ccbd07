internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Tells people that the ledger cannot be written, without the ledger: all other alerts are kept in it, so that nobody
/// would hear of a full disk.
///
/// By mail and by webhook, to those whom the rules name for such an alert: once, again after `quiet-after`, and when it
/// can be written again. Who was told is known to this process alone, and forgotten when it ends.
final class LedgerOutcry: CompanionService {
    static let key = "ledger/unwritable"
    static let code = "ledger.unwritable"
    /// The longest patience; what passes by itself, such as a migration, is mostly over by then.
    static let patience = Duration.seconds(30)

    private struct State {
        var isStopping = false
        var sleeper: Task<Void, Never>?
        var spell: OutcrySpell
        var book: OutcryBook
        /// Held while there is anything to say.
        var turn: OutcryTurn?
        /// Why it cannot be written, as it was logged.
        var logged: String?
    }

    let pulse: LedgerPulse
    private let path: String
    private let carriers: [AlertNotice.Channel: any AlertCarrier]
    private let schedule: CourierSchedule
    private let logger: Logger
    private let interval: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - planner: Whom the rules name.
    ///   - carriers: The ways of telling that there are.
    init(
        path: String, pulse: LedgerPulse, planner: NoticePlanner, carriers: [AlertNotice.Channel: any AlertCarrier],
        logger: Logger, patience: Duration = LedgerOutcry.patience, interval: Duration = .seconds(5),
        schedule: CourierSchedule = CourierSchedule()
    ) {
        self.path = path
        self.pulse = pulse
        self.carriers = carriers
        self.logger = logger
        self.interval = interval
        self.schedule = schedule
        state = Mutex(State(spell: OutcrySpell(patience: patience), book: OutcryBook(planner: planner)))
    }

    /// A ledger that cannot be written is told without the broker.
    let needsBroker = false

    func run(_ tools: CompanionTools) async { await work() }

    /// Looks until stopped. What is in hand then is sent as long as there is time; no write is waited for.
    func work() async {
        while goesOn {
            pulse.begin(at: Timestamp.now().microseconds)
            await rest()
            guard goesOn else { break }
            await judge()
        }
        state.withLock { $0.turn = nil }
    }

    private var goesOn: Bool { !Task.isCancelled && !state.withLock(\.isStopping) }

    private func rest() async {
        let sleeper = state.withLock { state -> Task<Void, Never>? in
            guard !state.isStopping else { return nil }
            let sleeper = Task { [interval] in _ = try? await Task.sleep(for: interval) }
            state.sleeper = sleeper
            return sleeper
        }
        guard let sleeper else { return }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopping = true
            state.sleeper?.cancel()
        }
    }

    // MARK: - Judging

    /// Says what there is to say after the last trial.
    func judge(at now: Int64 = Timestamp.now().microseconds) async {
        let fault = pulse.fault(at: now)
        let verdict = state.withLock { state in
            state.spell.note(isFaulty: fault != nil, isTold: state.book.isOpen, at: now)
        }
        switch verdict {
        case .nothing: if fault == nil { noteCalm() }
        case .holds(let since): if let fault { hold(fault, since, now) }
        case .over(let since): end(since, now)
        }
        // Between the two it is not known what to say of it.
        if state.withLock({ !$0.book.isOpen }) || fault != nil { await send(at: now) }
        state.withLock { if $0.book.isSettled { $0.turn = nil } }
    }

    private func hold(_ fault: LedgerPulse.Fault, _ since: Int64, _ now: Int64) {
        noteFault(fault)
        state.withLock { [path] state in
            if state.turn == nil { state.turn = OutcryTurn.take(for: path) }
            guard state.turn != nil else { return }
            let said = state.book.isOpen ? state.book.record?.alert : nil
            let finding = Self.finding(fault, directory: FreeRoom.directory(of: path), since: since, now: now)
            state.book.enter(finding.alert(after: said, revision: Self.revision(now)), at: now)
        }
    }

    private func end(_ since: Int64, _ now: Int64) {
        noteCalm()
        let span = Age.text(microseconds: now - since)
        let sentence =
            "The ledger can be written again, \(span) after that began to fail. What waited in the broker is being "
            + "worked off; nothing needs repair."
        state.withLock { state in
            guard let said = state.book.record?.alert, let time = Timestamp(microseconds: now) else { return }
            state.book.enter(said.resolved(sentence, at: time, revision: Self.revision(now)), at: now)
        }
    }

    private static func finding(
        _ fault: LedgerPulse.Fault, directory: String, since: Int64, now: Int64
    ) -> Finding {
        Finding(
            key: key, kind: .other, severity: .critical, code: code,
            sentence: "The ledger cannot be written, so that nothing is acknowledged and orders wait in the broker; "
                + "nothing is lost. \(fault.sentence)",
            remedy: fault.remedy, commands: ["df -h \(MailText.shellWord(directory))"], since: since, last: now)
    }

    /// Greater than any before, also than those of another process: nobody keeps it.
    private static func revision(_ now: Int64) -> Int64 { max(1, now / 1_000_000) }

    /// Says it once for each reason.
    private func noteFault(_ fault: LedgerPulse.Fault) {
        let isNews = state.withLock { state in
            defer { state.logged = fault.sentence }
            return state.logged != fault.sentence
        }
        guard isNews else { return }
        logger.error(
            "ledger cannot be written", metadata: ["reason": "\(fault.sentence)", "remedy": "\(fault.remedy)"])
    }

    private func noteCalm() {
        let isNews = state.withLock { state in
            defer { state.logged = nil }
            return state.logged != nil
        }
        if isNews { logger.notice("ledger can be written again") }
    }

    // MARK: - Telling

    /// Tells what is due, on all channels side by side: a slow webhook holds up no mail.
    private func send(at now: Int64) async {
        await withDiscardingTaskGroup { group in
            for (channel, carrier) in carriers {
                group.addTask { await self.send(on: channel, by: carrier, at: now) }
            }
        }
    }

    private func send(on channel: AlertNotice.Channel, by carrier: any AlertCarrier, at now: Int64) async {
        let letters = state.withLock { state in
            state.book.letters(on: channel, at: now) { carrier.newMessage() }
        }
        for letter in letters {
            let delivery = goesOn ? await carrier.carry(letter) : .untried
            state.withLock { [schedule] in $0.book.settle(letter, delivery, at: now, schedule: schedule) }
            log(letter, delivery)
        }
    }

    private func log(_ letter: AlertLetter, _ delivery: AlertDelivery) {
        switch delivery {
        case .sent: logger.notice("told without the ledger", metadata: letter.metadata)
        case .refused(let trouble), .unfit(let trouble), .later(let trouble, _), .slow(let trouble, _),
            .down(let trouble, _, _), .unanswered(let trouble):
            logger.error(
                "not told without the ledger", metadata: letter.metadata.merging(trouble.metadata) { $1 })
        case .untried, .none: break
        }
    }

    /// Whether the ledger can be written, the process says itself (`ledger`); this says who has been told.
    func check() async -> HealthCheck {
        let (isOpen, told) = state.withLock { state in
            (state.book.isOpen, state.book.notices.count { $0.state == .sent })
        }
        let detail = isOpen ? "the ledger cannot be written; \(Count.text(told, "notice")) sent" : "nothing to tell"
        return HealthCheck(name: "ledger-outcry", isUp: true, detail: detail)
    }

    func samples() async -> [String: [String]] { [:] }
}
