internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// One call of `dead-letter reindex`.
final class Reindex {
    private let command: ReindexCommand
    private let interruption = Interruption()
    private let progress = CountedProgress(of: "letter")
    private let start = Timestamp.now()
    private var counts = ReindexCounts()
    private var walked = 0
    /// What the queues hold: each letter's id and when it failed.
    private var present = LetterKeys()
    /// Queues of which somebody else held letters, or that are not there.
    private var unsure: [String] = []
    private static let batchLimit = 100
    private static let batchBytes = 8 << 20

    init(command: ReindexCommand) { self.command = command }

    func run() async throws(ProgramError) {
        let configuration = try command.settings.load()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        // Connects first, so that a ledger is not made anew where no broker can fill it.
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { _ throws(BrokerError) in }
        let ledger = try ReindexLedger.open(configuration, isDryRun: command.dryRun)
        do throws(ProgramError) {
            try await rebuild(configuration, ledger)
        } catch {
            progress.clear()
            await ledger.end()
            throw error
        }
        await ledger.end()
        progress.clear()
        report()
        try conclude()
    }

    private func rebuild(_ configuration: Configuration, _ ledger: ReindexLedger) async throws(ProgramError) {
        let browser = LetterBrowser(configuration: configuration)
        for flow in FleetTopology.flows where !interruption.isRequested {
            try await walk(.dead(flow: flow), browser, ledger)
        }
        if !interruption.isRequested { try await findMissing(ledger) }
    }

    private func walk(
        _ source: LetterSource, _ browser: LetterBrowser, _ ledger: ReindexLedger
    ) async throws(ProgramError) {
        var batch: [Letter] = []
        var bytes = 0
        let walk = try await browser.walk(source) { letter throws(ProgramError) in
            self.meet(letter)
            batch.append(letter)
            bytes += letter.body.count
            if batch.count >= Self.batchLimit || bytes >= Self.batchBytes {
                try await self.add(&batch, ledger)
                bytes = 0
            }
            return !self.interruption.isRequested
        }
        try await add(&batch, ledger)
        if walk?.isShared ?? true { unsure.append(source.queue) }
    }

    private func meet(_ letter: Letter) {
        present.insert(Self.name(letter.id, letter.failedAt))
        walked += 1
        progress.show(walked, "looked at")
    }

    private func add(_ batch: inout [Letter], _ ledger: ReindexLedger) async throws(ProgramError) {
        let letters = batch
        batch = []
        guard !letters.isEmpty else { return }
        for standing in try await ledger.add(letters) { counts.add(standing) }
    }

    /// Rows of letters that failed after the start may be of letters that were not there yet.
    private func findMissing(_ ledger: ReindexLedger) async throws(ProgramError) {
        var number: Int64 = 0
        while !interruption.isRequested {
            let page = try await ledger.openRows(behind: number)
            let missing = page.rows.filter { isMissing($0) }
            for row in missing { counts.addMissing(row.id) }
            if command.closeMissing && unsure.isEmpty {
                counts.closed += try await ledger.close(missing, by: command.by, reason: command.reason ?? "")
            }
            guard let last = page.last else { return }
            number = last
        }
    }

    private func isMissing(_ row: DeadLetterRecord) -> Bool {
        guard row.lastFailedAt < start.microseconds, !present.contains(Self.name(row.id, row.lastFailedAt)) else {
            return false
        }
        // What could not be published was never in a queue; the workers say so in the note.
        let isKeptAlone = row.note?.hasPrefix("kept in the ledger alone") ?? false
        guard !isKeptAlone, LetterSource(queue: row.queue) != nil else {
            counts.keptAlone += 1
            return false
        }
        return true
    }

    private static func name(_ id: String, _ failedAt: Int64) -> String { "\(id)\u{1F}\(failedAt)" }

    private func report() {
        let json = counts.json(isDryRun: command.dryRun)
        Terminal.say(command.settings.json ? json.compact : counts.sentence(isDryRun: command.dryRun))
        for sentence in counts.remarks { remark(sentence) }
        if !unsure.isEmpty {
            remark(
                "somebody else held letters of \(unsure.joined(separator: ", ")) meanwhile, or there is no such queue: "
                    + "run it again once the other command has ended")
        }
    }

    private func conclude() throws(ProgramError) {
        if interruption.isRequested {
            throw ProgramError(
                code: "dead-letter.stopped", sentence: "Stopped before the end.",
                remedy: "The same command does the rest.", exit: .failure)
        }
        guard command.closeMissing, !unsure.isEmpty, counts.missing > 0 else { return }
        throw ProgramError(
            code: "dead-letter.held",
            sentence: "Nothing was closed: what is missing may be held by another command.",
            remedy: "Run it again once no other command looks into \(unsure.joined(separator: ", ")).", exit: .failure)
    }
}
