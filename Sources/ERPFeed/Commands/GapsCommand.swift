internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed gaps`.
struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps", abstract: "Lists what the ERP has and the store is not told, and why.",
        discussion: """
            An object that can not be read stays in the store as it was; one of which parts can not be read (a price that \
            is no number, a barcode that is none) is told without them. Corrected in the ERP, it is read again by itself \
            and is listed here no more; what the ERP has deleted is gone from here after a full read.

            Examples:
              erp-feed gaps
              erp-feed gaps products
              erp-feed gaps stock/EAST --json
            """)

    @Argument(help: "The stream, as `erp-feed status` names it; else all of them.")
    var stream: String?
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?
    @Option(help: "How many at most.")
    var limit = 1_000
    @Flag(help: "Writes JSON, one object a line.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let (gaps, counts, streams) = try await FeedLedger.read(configuration()) { [stream, limit] snapshot in
                (
                    try snapshot.feedGaps(in: stream, limit: limit), try snapshot.feedGapCounts(),
                    Set(try snapshot.feedCursors().map(\.stream))
                )
            }
            if let stream, !streams.contains(stream) { throw .noStream(stream, streams) }
            if json { return gaps.forEach { Terminal.say($0.json.compact) } }
            guard !gaps.isEmpty else {
                return Terminal.say(
                    streams.isEmpty
                        ? "Nothing has been read yet: is `erp-feed` running?" : "All that was read is told.")
            }
            Terminal.write(table(gaps))
            let count = FeedGapCount(stream.map { [counts[$0] ?? FeedGapCount()] } ?? Array(counts.values))
            let more = Int(count.unreadable + count.incomplete) - gaps.count
            if more > 0 { Terminal.say("and \(Count.grouped(more)) more (--limit)") }
        }
    }

    private func configuration() throws(ProgramError) -> Configuration {
        try ProgramLauncher.configuration(file: config)
    }

    private func table(_ gaps: [FeedGap]) -> String {
        let now = Timestamp.now().microseconds
        var table = TextTable([.text("STREAM"), .text("OBJECT"), .text("GAP"), .text("SINCE"), .text("REASON")])
        for gap in gaps {
            let more = gap.parts > 1 ? " (and \(gap.parts - 1) more)" : ""
            table.add([
                gap.stream, gap.key.isEmpty ? "?" : gap.key, gap.kind.rawValue,
                Age.text(microseconds: now - gap.since) + " ago", gap.reason + more,
            ])
        }
        return table.lines().joined(separator: "\n") + "\n"
    }
}

extension FeedGap {
    fileprivate var json: JSONValue {
        [
            "stream": .string(stream), "key": key.isEmpty ? .null : .string(key), "gap": .string(kind.rawValue),
            "since": .string(Timestamp(microseconds: since)?.description ?? ""), "reason": .string(reason),
            "parts": .integer(parts),
        ]
    }
}
