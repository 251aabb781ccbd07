internal import ArgumentParser
internal import Fleet
internal import Ledger

/// Which batches, and where the ledger is.
struct ParkedChoice: ParsableArguments {
    @Argument(help: "The numbers of the batches.")
    var numbers: [Int64] = []
    @Option(help: "All that is parked of this stream, by the name in the list.")
    var stream: String?
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func validate() throws {
        guard numbers.isEmpty != (stream == nil) else {
            throw ValidationError("Name the batches by their numbers, or a --stream.")
        }
    }

    /// Does it to each batch, the oldest first, and says what `body` answers; nothing is done when one is not parked. Each has a
    /// transaction of its own, so that workers are not held up by many.
    /// - Parameter body: Answers nil when the batch is gone: somebody else was quicker.
    func decide(_ body: @escaping @Sendable (LedgerTransaction, Int64) throws -> String?) async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let configuration = try ProgramLauncher.configuration(file: config)
            let parked = try await FeedLedger.read(configuration) { try $0.parkedBatches() }
            for number in try meant(parked) {
                let outcome = try await FeedLedger.write(configuration) { try body($0, number) }
                Terminal.say(outcome ?? "Batch \(number) is not parked any more.")
            }
        }
    }

    private func meant(_ parked: [ParkedBatch]) throws(ProgramError) -> [Int64] {
        if let stream {
            let found = parked.filter { $0.stream == stream }.map(\.id)
            guard !found.isEmpty else { throw ProgramError(noBatch: "Nothing of \(stream) is parked.") }
            return found
        }
        let known = Set(parked.map(\.id))
        if let unknown = numbers.first(where: { !known.contains($0) }) {
            throw ProgramError(noBatch: "No batch \(unknown) is parked.")
        }
        return Set(numbers).sorted()
    }
}

extension ProgramError {
    /// A batch was named that is not there.
    init(noBatch sentence: String) {
        self.init(
            code: "feed.no-batch", sentence: sentence, remedy: "`erp-feed parked` lists them.", exit: .failure)
    }
}
