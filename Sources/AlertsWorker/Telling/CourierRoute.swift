internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Sends what is due on one channel, one letter after the other, while this process has the task.
final class CourierRoute: Sendable {
    /// How letters are sent.
    struct Settings: Sendable {
        /// How often is looked for what is due.
        var poll: Duration = .seconds(1)
        /// How soon another process may send when this one has died.
        var lease: Duration = .seconds(30)
        /// When is tried again what was in vain.
        var schedule = CourierSchedule()
    }

    /// How many letters are looked for at once.
    private static let mostParcels = 100

    private struct State {
        var isStopping = false
        var isInHand = false
        var rest = CourierRest()
        var ledgerFault: String?
    }

    let channel: AlertNotice.Channel
    let ledger: Ledger
    let settings: Settings
    let logger: Logger
    /// Notices that the other side has taken, and those that it never will.
    let sent = Atomic<Int>(0)
    let refused = Atomic<Int>(0)
    private let carrier: any AlertCarrier
    /// What all processes know of the other side; nil where it is none of theirs.
    let absence: SharedAbsence?
    private let state = Mutex(State())
    /// Wakes the loop: something is due, or it is to stop.
    private let news = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    init(
        _ channel: AlertNotice.Channel, by carrier: any AlertCarrier, ledger: Ledger, settings: Settings,
        logger: Logger
    ) {
        self.channel = channel
        self.carrier = carrier
        self.ledger = ledger
        self.settings = settings
        self.logger = logger
        absence = carrier.destination.map { SharedAbsence(destination: $0, ledger: ledger, logger: logger) }
    }

    /// Sends until stopped, and returns when the letter in hand has its answer. When cancelled, gives that letter up:
    /// it is sent again later, under the same id. `holder` names one running process, never two. Run it once.
    func run(as holder: String) async {
        let clock = Task { await tick() }
        let renewal = Task { await renew(for: holder) }
        for await _ in news.stream {
            guard goesOn else { break }
            await round(holder)
        }
        clock.cancel()
        renewal.cancel()
        await absence?.gaveUp()
    }

    /// Looks now for what is due.
    func wake() { news.continuation.yield() }

    /// Begins no more letters.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    var goesOn: Bool { !Task.isCancelled && !state.withLock(\.isStopping) }

    private func tick() async {
        repeat { wake() } while (try? await Task.sleep(for: settings.poll)) != nil
    }

    /// Keeps the task while a letter is in hand: three times in each lease, so that one that fails does no harm.
    private func renew(for holder: String) async {
        while (try? await Task.sleep(for: settings.lease / 3)) != nil {
            guard state.withLock(\.isInHand) else { continue }
            _ = await hasTask(holder)
        }
    }

    /// Takes the task or keeps it; false while another process has it, or the ledger does not say.
    private func hasTask(_ holder: String) async -> Bool {
        do {
            return try await ledger.write { [settings] in
                try $0.takeMaintenance(
                    Courier.task, holder: holder, lease: settings.lease, now: Timestamp.now().microseconds)
            }
        } catch {
            note(error)
            return false
        }
    }

    /// Goes once through what is due, as long as the channel is up.
    private func round(_ holder: String) async {
        guard mayTry else { return }
        do {
            let parcels = try await ledger.read { [channel] in
                try $0.dueParcels(on: channel, at: Timestamp.now().microseconds, limit: Self.mostParcels)
            }
            if parcels.isEmpty { await absence?.nothingWaits() }
            for parcel in parcels {
                guard goesOn, mayTry, await isThere(for: holder), try await send(parcel, holder) else { return }
            }
            if parcels.count == Self.mostParcels { wake() }
            state.withLock { $0.ledgerFault = nil }
        } catch {
            await absence?.gaveUp()
            note(error)
        }
    }

    /// False while the other side is away, unless this process is the one that tries it; who may not send does not.
    private func isThere(for holder: String) async -> Bool {
        guard let absence else { return true }
        if case .wait = await absence.mayTry(ifAble: { await self.hasTask(holder) }) { return false }
        return true
    }

    private var mayTry: Bool { state.withLock { $0.rest.isOver(.now) } }

    private enum Packed: Sendable {
        case letter(AlertLetter)
        case nothing
        case notOurs
    }

    /// False when another process has the task.
    private func send(_ parcel: DueParcel, _ holder: String) async throws -> Bool {
        let start = ContinuousClock.now
        switch try await pack(parcel, holder) {
        case .notOurs:
            await absence?.gaveUp()
            return false
        case .nothing:
            await absence?.gaveUp()
            return true
        case .letter(let letter):
            state.withLock { $0.isInHand = true }
            defer { state.withLock { $0.isInHand = false } }
            // After a freeze another process may have it by now.
            let isOurs = ContinuousClock.now - start < settings.lease
            await settle(letter, isOurs ? await carrier.carry(letter) : .untried)
            return true
        }
    }

    private func pack(_ parcel: DueParcel, _ holder: String) async throws -> Packed {
        let (message, address) = (carrier.newMessage(), carrier.address)
        return try await ledger.write { [settings] transaction in
            let now = Timestamp.now().microseconds
            guard
                try transaction.takeMaintenance(Courier.task, holder: holder, lease: settings.lease, now: now)
            else { return .notOurs }
            return try transaction.pack(parcel, as: message, to: address, now: now).map(Packed.letter) ?? .nothing
        }
    }

    // MARK: - What the answers say of the channel

    /// The other side answers.
    func noteAnswer() async {
        await absence?.answered()
        guard state.withLock({ $0.rest.end() }) else { return }
        logger.notice("alerts go out again", metadata: ["channel": "\(channel.rawValue)"])
    }

    /// The other side is away. Returns how long the letter waits that has met it: where all processes know of that,
    /// only until the channel is tried again.
    func noteAbsence(_ trouble: AlertTrouble, atLeast least: Duration?) async -> Duration {
        // What was given up because the program ends says nothing of the other side.
        guard let absence, !Task.isCancelled, await absence.failed(Failure(trouble)), least == nil else {
            return noteDown(trouble, atLeast: least)
        }
        return .zero
    }

    /// Nothing is tried for a time, and this process alone knows that. Returns for how long.
    func noteDown(_ trouble: AlertTrouble, atLeast least: Duration?) -> Duration {
        let (rest, isNews) = state.withLock { state in
            state.rest.begin(trouble, atLeast: least, settings.schedule, now: .now)
        }
        logger.log(
            level: isNews ? .warning : .debug, "alerts wait",
            metadata: trouble.metadata.merging(["channel": "\(channel.rawValue)", "retry": "\(rest)"]) { $1 })
        return rest
    }

    /// Says it once for each reason.
    func note(_ fault: any Error) {
        let text = "\(fault)"
        let isNews = state.withLock { state in
            defer { state.ledgerFault = text }
            return state.ledgerFault != text && !state.isStopping
        }
        guard isNews else { return }
        logger.warning(
            "alerts wait for the ledger", metadata: ["channel": "\(channel.rawValue)", "reason": "\(text)"])
    }
}
