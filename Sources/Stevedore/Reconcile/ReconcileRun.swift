internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// One comparison of the ERP and the store: read, compare, look again as often as something changed meanwhile, repair.
struct ReconcileRun: Sendable {
    let erp: any ERP
    let real: Ledger
    let folder: ScratchFolder
    let options: ReconcileOptions
    let interruption: Interruption
    var progress = ReconcileProgress(isShown: false)
    /// The flows in whose queues nothing is; asked once what is on its way has had time.
    var emptyFlows: @Sendable () async -> Set<String> = { [] }
    /// Is handed everything that was found before it is gone.
    var export: @Sendable (_ stream: ReconcileStream, _ findings: [KeptFinding]) throws(ProgramError) -> Void = {
        _, _ in
    }

    /// With more than so many differences at first sight the first look is left out.
    private static let mostFirst = 10_000

    /// A stream on its way through the run.
    struct Work: Sendable {
        var part: ReconcileReport.Part
        let scratch: ScratchLedger
        /// Where the ERP's changes go on that came after everything was read first; nil when the ERP has no such stream.
        var cursor: String?
        var isListed = true
        var listings = Listings()

        var stream: ReconcileStream { part.stream }
    }

    /// What was found. Stops in between when that is asked for, and says what was compared.
    /// - Throws: ``ERPError`` when the ERP stays away, and what the ledger throws.
    func run() async throws -> ReconcileReport {
        var report = ReconcileReport(startedAt: .now(), endedAt: .now())
        (report.isTold, report.isRemembered) = (!options.hasTables, options.isRemembered)
        report.repair = options.repair.map { ReconcileReport.Repair(reason: $0.note.reason) }
        var works: [Work] = []
        do {
            try await requireTables()
            for (stream, isListed) in try await streams() {
                works.append(try await work(stream, isListed, works.count))
            }
            try await compare(&works)
            try await settle(&works)
            if options.isRemembered { try await remember(&works, at: report.startedAt) }
            try await handOut(works)
            report.isJudged = true
            if let repair = options.repair { try await carryOut(repair, works, &report.repair) }
        } catch is Interrupted {
            report.isStopped = true
        } catch {
            await close(works)
            throw error
        }
        await close(works)
        progress.clear()
        report.parts = works.map(\.part)
        report.endedAt = .now()
        return report
    }

    // MARK: - Streams

    private func requireTables() async throws {
        let (hasTold, hasStore) = try await real.read { snapshot in
            (try snapshot.has("told"), try DatabaseStorefront.isShown(in: snapshot))
        }
        guard hasTold, hasStore || !options.hasTables else {
            throw ProgramError(
                code: "reconcile.no-tables", sentence: "No worker has made its tables in this ledger yet.",
                remedy: "Start the workers and the feed first, or point STEVEDORE_LEDGER_PATH at their ledger.",
                exit: .configuration)
        }
    }

    /// What is compared, and whether the ERP has it at all: the stock of a warehouse may be left over.
    private func streams() async throws -> [(ReconcileStream, isListed: Bool)] {
        var streams: [(ReconcileStream, isListed: Bool)] = []
        for kind in options.chosen {
            guard kind == .stock else {
                streams.append((ReconcileStream(kind: kind), isListed: true))
                continue
            }
            let listed = Set(try await erp.warehouses())
            var names = listed.union(try await shownWarehouses())
            if let only = options.warehouse {
                guard names.contains(only) else { throw ProgramError.noWarehouse(only, names) }
                names = [only]
            }
            for name in names.sorted() {
                streams.append((ReconcileStream(kind: kind, warehouse: name), isListed: listed.contains(name)))
            }
        }
        return streams
    }

    private func shownWarehouses() async throws -> Set<String> {
        guard options.hasTables else { return [] }
        let names = try await real.read { try $0.query("SELECT DISTINCT warehouse FROM store_stock") { $0.text(0) } }
        return Set(names)
    }

    private func work(_ stream: ReconcileStream, _ isListed: Bool, _ number: Int) async throws -> Work {
        let scratch = try await ScratchLedger.open(
            at: folder.file("\(number).db"), keepsBodies: options.repair != nil)
        var work = Work(part: .init(stream: stream), scratch: scratch, isListed: isListed)
        work.listings.since = Timestamp.now().microseconds
        // That the ERP has no such warehouse lists nothing of it.
        if !isListed { work.listings.count = 1 }
        return work
    }

    private func close(_ works: [Work]) async {
        for work in works { await work.scratch.ledger.close() }
    }

    // MARK: - Comparing

    private func compare(_ works: inout [Work]) async throws {
        for index in works.indices {
            if works[index].isListed { try await read(&works[index]) }
            works[index].part.compared = try await comparison(works[index]).compare()
            // Where so much is not equal, all of it is looked at only once there was time to settle.
            guard try await findings(works[index]) <= Self.mostFirst else { continue }
            try await look(&works[index], .first)
        }
    }

    private func read(_ work: inout Work) async throws {
        work.cursor = try await reading(work).read(listing: 1, isAgain: false)
        work.listings.count = 1
        work.part.read = try await work.scratch.ledger.read { try $0.notedCount() }
    }

    private func findings(_ work: Work) async throws -> Int {
        try await work.scratch.ledger.read { try $0.findingCount() }
    }

    // MARK: - Parts

    func reading(_ work: Work) -> StreamReading {
        StreamReading(
            stream: work.stream, listing: ERPListing(erp: erp, interruption: interruption), real: real,
            scratch: work.scratch, progress: progress)
    }

    func comparison(_ work: Work, asks: Bool = true) -> StreamComparison {
        StreamComparison(
            stream: work.stream, real: real, scratch: work.scratch,
            listing: ERPListing(erp: erp, interruption: interruption), hasTables: options.hasTables, asks: asks)
    }

    func repairs(_ work: Work) -> Repairs {
        Repairs(
            stream: work.stream, real: real, scratch: work.scratch, hasTables: options.hasTables,
            since: work.listings.since)
    }
}

extension ProgramError {
    fileprivate static func noWarehouse(_ name: String, _ known: Set<String>) -> ProgramError {
        ProgramError(
            code: "reconcile.no-warehouse",
            sentence: InertText.line("Neither the ERP nor the store has a warehouse \(name)."),
            remedy: InertText.line(list(known)), exit: .usage)
    }

    /// No more than a line has room for.
    private static func list(_ names: Set<String>) -> String {
        guard !names.isEmpty else { return "They have none at all." }
        let shown = names.sorted().prefix(mostNames)
        let more = names.count > shown.count ? ", and \(Count.grouped(names.count - shown.count)) more" : ""
        return "There \(names.count == 1 ? "is" : "are") \(shown.joined(separator: ", "))\(more)."
    }

    private static var mostNames: Int { 12 }
}
