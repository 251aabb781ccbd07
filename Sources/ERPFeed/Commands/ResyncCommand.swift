public import ArgumentParser
public import ERP
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed resync`.
struct ResyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resync", abstract: "Has a stream told again from its beginning.",
        discussion: """
            The running feed does it, beside what is new, and goes on where it was when it is started anew. What the store \
            has already is written again, so that tables that are new or were emptied are filled with all that the ERP \
            has, and a store that is posted to gets it. What only the store said of its orders is not among it. What \
            is newer than the ERP says stays as it is.

            Examples:
              erp-feed resync products
              erp-feed resync stock --warehouse EAST
              erp-feed resync --all
            """)

    @Argument(help: "What to read: \(ERPChangeKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: ERPChangeKind?
    @Option(help: "Only this warehouse's stock.")
    var warehouse: String?
    @Flag(help: "Every stream.")
    var all = false
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func validate() throws {
        guard all != (kind != nil) else { throw ValidationError("Name what to read again, or say --all.") }
        guard warehouse == nil || kind == .stock else { throw ValidationError("Only stock is told by warehouse.") }
    }

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let configuration = try ProgramLauncher.configuration(file: config)
            let (begun, known) = try await FeedLedger.write(configuration) { transaction in
                let known = Set(try transaction.feedCursors().map(\.stream))
                return (try begin(known.sorted(), transaction), known)
            }
            guard !begun.isEmpty else { throw .noStream(name, known) }
            for stream in begun { Terminal.say("\(stream): will be read from its beginning") }
        }
    }

    /// What was asked for, as streams are named.
    private var name: String { (kind?.rawValue ?? "") + (warehouse.map { "/" + $0 } ?? "") }

    private func begin(_ known: [String], _ transaction: LedgerTransaction) throws -> [String] {
        let now = Timestamp.now().microseconds
        let wanted = known.filter { stream in
            guard let kind else { return true }
            guard let warehouse else { return stream == kind.rawValue || stream.hasPrefix(kind.rawValue + "/") }
            return stream == FeedStream(kind: kind, warehouse: warehouse).description
        }
        for stream in wanted {
            var full = FeedCursor.beginning(
                stream, .full, after: try transaction.feedCursor(stream, .full), now: now)
            (full.isForced, full.movedAt) = (true, now)
            try transaction.save(full)
        }
        return wanted
    }
}

extension ERPChangeKind: ExpressibleByArgument {}
