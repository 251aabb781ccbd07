internal import Fleet

/// Keeps programs running until it is cancelled, or one of them cannot run without a person's help.
struct Supervisor: Sendable {
    let programs: [ChildProgram]
    let weaver: LogWeaver
    let crew: RunningCrew
    let guardian: Guardian
    private let label = "stevedore"

    /// Runs all; ends when all have ended. Returns why it gave up; nil when it was stopped.
    func run() async -> ProgramError? {
        await withTaskGroup(of: ProgramError?.self) { group in
            for (number, program) in programs.enumerated() {
                let (ready, sign) = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    defer { sign.finish() }
                    return await keep(program, number: number) { sign.finish() }
                }
                if program.readySign != nil { await Self.wait(for: ready, atMost: .seconds(10)) }
            }
            var failure: ProgramError?
            for await error in group {
                guard let error, failure == nil else { continue }
                failure = error
                group.cancelAll()
                crew.stop()
            }
            return failure
        }
    }

    /// Starts the program again and again.
    private func keep(
        _ program: ChildProgram, number: Int, onReady: @escaping @Sendable () -> Void
    ) async -> ProgramError? {
        var policy = RestartPolicy()
        while !Task.isCancelled {
            let (start, words) = (ContinuousClock.now, HeardWords(program: program.name))
            let end = await ChildProcess.run(program, crew: crew, guardian: guardian) { line in
                words.hear(line)
                weaver.write(line, of: program.label, number: number)
                if let sign = program.readySign, line.hasPrefix(sign) { onReady() }
            }
            if Task.isCancelled { return nil }
            guard let end else { return Self.notStarted(program) }
            switch policy.ended(end, after: start.duration(to: .now)) {
            case .giveUp: return Self.gaveUp(program, end, words.lines)
            case .restart(let delay):
                say("\(program.label) \(end); starting it again in \(Self.text(delay))")
                try? await Task.sleep(for: delay)
            }
        }
        return nil
    }

    private func say(_ sentence: String) { weaver.write(sentence, of: label, number: programs.count) }

    private static func text(_ delay: Duration) -> String {
        delay < .seconds(1) ? "\(Int(delay / .milliseconds(1))) ms" : "\(Int(delay / .seconds(1))) s"
    }

    private static func wait(for stream: AsyncStream<Void>, atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private static func notStarted(_ program: ChildProgram) -> ProgramError {
        ProgramError(
            code: "up.not-started", sentence: "\(program.path) could not be started.",
            remedy: "Check that it may be executed and that the machine has room for one more process.", exit: .failure)
    }

    private static func gaveUp(_ program: ChildProgram, _ end: ProgramEnd, _ words: [String]) -> ProgramError {
        ProgramError(
            code: "up.gave-up", sentence: "\(program.label) \(end), so everything was stopped. It said:",
            remedy: words.isEmpty ? "(nothing)" : words.joined(separator: "\n"),
            exit: end == .exited(69) ? .unavailable : .configuration)
    }
}
