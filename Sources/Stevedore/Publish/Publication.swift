internal import Fleet
internal import RabbitMQ

/// One call of `stevedore publish`: all its inputs, one connection, one end.
struct Publication {
    let command: PublishCommand
    private let interruption = Interruption()
    private let report: PublishReport

    init(command: PublishCommand) {
        self.command = command
        report = PublishReport(isJSON: command.output.json, isDryRun: command.dryRun)
    }

    func run() async throws(ProgramError) {
        let settings = try command.settings.load()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        guard !command.dryRun else { return try await publish(to: nil, user: nil) }
        let broker = try BrokerDesk.configuration(settings, "stevedore-publish")
        let unrouted = UnroutedWatch(broker: broker)
        let before = try await unrouted.count()
        let publisher = try await BrokerDesk.publisher(broker)
        do throws(ProgramError) {
            try await publish(to: publisher, user: broker.commonUser)
            await publisher.close()
        } catch {
            await publisher.close()
            throw error
        }
        try await unrouted.expectNoMore(than: before)
    }

    private func publish(to publisher: Publisher?, user: String?) async throws(ProgramError) {
        var pace = command.rate.map { Pace(perSecond: $0) }
        var total = PublishCounts()
        for path in command.files where !interruption.isRequested {
            let isStream = command.ndjson || MessageSource.isStream(path)
            let source: MessageSource
            do throws(ProgramError) {
                source = try MessageSource(path: path, isStream: isStream, fromLine: command.fromLine)
            } catch {
                report.summary(total, nextLine: nil)
                throw error.adding(
                    remark: "Then publish it and what follows it; publishing a message twice is harmless.")
            }
            let tally = PublishTally(fromLine: command.fromLine)
            let run = PublishRun(
                source: source,
                lane: publisher.map { lane(to: $0, from: source, tally) },
                tally: tally,
                user: user, report: report, interruption: interruption)
            do throws(ProgramError) {
                try await run.run(pace: &pace)
            } catch {
                finish(total + tally.counts, source, tally)
                throw error.adding(remark: goOn(source, tally))
            }
            total = total + tally.counts
            if interruption.isRequested { throw stopped(total, source, tally) }
        }
        report.summary(total, nextLine: nil)
        if total.refused > 0 { throw Self.refused(total.refused) }
    }

    private func lane(to publisher: Publisher, from source: MessageSource, _ tally: PublishTally) -> PublishLane {
        let (name, isStream) = (source.name, source.isStream)
        return PublishLane(publisher: publisher, tally: tally, interruption: interruption) { [report] refused, reason in
            tally.refuse(refused.line)
            let place = isStream ? "\(name):\(refused.line)" : name
            report.refused(
                Refusal(
                    place: place, line: isStream ? refused.line : nil, message: refused.message, reason: reason))
        }
    }

    private func finish(_ counts: PublishCounts, _ source: MessageSource, _ tally: PublishTally) {
        report.summary(counts, nextLine: source.isStream ? tally.nextLine : nil)
    }

    private func stopped(_ counts: PublishCounts, _ source: MessageSource, _ tally: PublishTally) -> ProgramError {
        finish(counts, source, tally)
        return ProgramError(
            code: "publish.stopped", sentence: "Stopped before the end; what is confirmed stays published.",
            remedy: goOn(source, tally), exit: .failure)
    }

    private func goOn(_ source: MessageSource, _ tally: PublishTally) -> String {
        guard source.isStream else { return "Go on with \(source.name); publishing a message twice is harmless." }
        return source.isStandardInput
            ? "Go on by sending it again with --from-line \(tally.nextLine)."
            : "Go on with: stevedore publish --from-line \(tally.nextLine) \(source.name)"
    }

    private static func refused(_ count: Int) -> ProgramError {
        ProgramError(
            code: "publish.refused", sentence: "\(Count.text(count, "message was", "messages were")) refused.",
            remedy: "Correct the faults named above and publish them again.", exit: .failure)
    }
}

extension ProgramError {
    /// The same with one more thing to do.
    fileprivate func adding(remark: String) -> ProgramError {
        ProgramError(
            code: code, sentence: sentence, remedy: remedy.isEmpty ? remark : "\(remedy)\n\(remark)", exit: exit)
    }
}
