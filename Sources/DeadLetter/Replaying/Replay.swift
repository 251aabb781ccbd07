internal import Fleet
internal import Ledger
internal import RabbitMQ

/// One call of `dead-letter replay`: every flow it touches, one publisher, one count.
struct Replay {
    let command: ReplayCommand
    private let interruption = Interruption()

    init(command: ReplayCommand) { self.command = command }

    func run() async throws(ProgramError) {
        let configuration = try command.settings.load()
        let ledger = try await openLedger(configuration)
        let listening = await interruption.listen()
        defer { listening.cancel() }
        var selection = ReplaySelection(ids: command.ids, filter: command.filter)
        var counts = ReplayCounts()
        do throws(ProgramError) {
            try await replay(configuration, ledger, &selection, &counts)
        } catch {
            report(counts, selection)
            throw error
        }
        await ledger?.close()
        report(counts, selection)
        try conclude(selection, counts)
        try await expectNoneHeld(configuration, selection)
    }

    private func replay(
        _ configuration: Configuration, _ ledger: ReplayLedger?, _ selection: inout ReplaySelection,
        _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        // Connects first for the sentence why not: a publisher would wait for an absent broker.
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { _ throws(BrokerError) in }
        let publisher =
            command.dryRun
            ? nil : try await BrokerDesk.publisher(try BrokerDesk.configuration(configuration, "dead-letter-publish"))
        var pace = command.rate.map { Pace(perSecond: $0) }
        let run = ReplayRun(
            publisher: publisher.map { ReplayPublisher(publisher: $0) }, ledger: ledger,
            order: ReplayOrder(by: command.by, reason: command.reason), interruption: interruption,
            isDone: { !command.ids.isEmpty && $0.missing.isEmpty })
        for source in command.filter.sources where !interruption.isRequested {
            let admin = try BrokerDesk.admin(try BrokerDesk.configuration(configuration, "dead-letter"))
            do throws(ProgramError) {
                if let queue = try await open(source, admin) {
                    try await run.run(queue, &selection, &counts, pace: &pace)
                }
            } catch {
                await admin.close()
                await publisher?.close()
                throw error
            }
            await admin.close()
        }
        await publisher?.close()
    }

    private func open(_ source: LetterSource, _ admin: BrokerAdmin) async throws(ProgramError) -> LetterQueue? {
        do throws(BrokerError) {
            return try await LetterQueue(source, admin: admin)
        } catch {
            throw ProgramError(error)
        }
    }

    private func openLedger(_ configuration: Configuration) async throws(ProgramError) -> ReplayLedger? {
        if !LedgerFile.exists(configuration) && (command.withoutLedger || command.dryRun) { return nil }
        return try await ReplayLedger.open(configuration)
    }

    private func report(_ counts: ReplayCounts, _ selection: ReplaySelection) {
        let json = counts.json(isDryRun: command.dryRun, missing: selection.missing)
        let text = counts.sentence(isDryRun: command.dryRun).capitalisingFirst + "."
        Terminal.say(command.settings.json ? json.compact : text)
    }

    private func conclude(_ selection: ReplaySelection, _ counts: ReplayCounts) throws(ProgramError) {
        if interruption.isRequested {
            throw ProgramError(
                code: "dead-letter.stopped", sentence: "Stopped before the end.",
                remedy: "The same command does the rest.", exit: .failure)
        }
        guard selection.missing.isEmpty else {
            let missing = selection.missing.map(InertText.line).joined(separator: ", ")
            throw ProgramError(
                code: "dead-letter.unknown", sentence: "Not in any dead-letter queue: \(missing).",
                remedy:
                    "They may have been replayed already (`dead-letter list --state all`), or another `dead-letter` "
                    + "command looks at them just now: then try again.", exit: .failure)
        }
        guard selection.unwanted.isEmpty else {
            let keys = selection.unwanted.sorted().map(InertText.line).joined(separator: ", ")
            throw ProgramError(
                code: "dead-letter.unwanted",
                sentence: "No queue takes messages under the routing key \(keys), so they stay unrouted.",
                remedy:
                    "If a newer release has a message type of that name, install it. If it is a slip, have the producer "
                    + "publish them again under their type; what is left here then goes with the broker's own tools.",
                exit: .failure)
        }
        if counts.cameBack > 0 && command.filter.sources == [.unrouted] {
            throw ProgramError(
                code: "dead-letter.still-unrouted",
                sentence:
                    "\(Count.text(counts.cameBack, "message")) came straight back: the bindings are still missing.",
                remedy: "Run `stevedore topology apply`, then replay again; nothing is lost.", exit: .failure)
        }
    }

    /// Another command that looks into a queue holds its letters meanwhile, and this one sees nothing of them.
    private func expectNoneHeld(
        _ configuration: Configuration, _ selection: ReplaySelection
    ) async throws(ProgramError) {
        guard command.all && selection.found.isEmpty else { return }
        let filter = command.filter
        let known = try await LedgerFile.read(configuration) { snapshot in
            try snapshot.deadLetters(DeadLetterFilter(state: .open), limit: 100_000).map { LetterRow($0) }
                .filter(filter.matches).count
        }
        guard let known, known > 0 else { return }
        throw ProgramError(
            code: "dead-letter.held",
            sentence: "The queues gave nothing, but the index knows \(Count.text(known, "open letter")) of this kind.",
            remedy:
                "Another `dead-letter` command may look at them just now: try again. If it stays, no queue has ever taken "
                + "them, or somebody emptied it: `dead-letter show` has their bodies.", exit: .failure)
    }
}

extension String {
    fileprivate var capitalisingFirst: String { prefix(1).uppercased() + dropFirst() }
}
