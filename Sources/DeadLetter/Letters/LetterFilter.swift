internal import ArgumentParser
internal import Fleet
internal import Ledger

/// Which dead letters are meant; what is not said does not matter.
struct LetterFilter: ParsableArguments {
    @Option(help: "Only of this flow, such as orders.to-erp.")
    var flow: String?

    @Option(help: "Only with this code; `malformed.*` means all that start with `malformed.`.")
    var code: String?

    @Option(help: "Only of this category: malformed, rejected, transient, unavailable or poison.")
    var category: String?

    @Option(
        help:
            "Only in this queue, such as orders.to-erp.dead; `unrouted` is what no queue wanted when it was published.")
    var queue: String?

    @Option(help: "Only of this message type.")
    var type: String?

    @Option(
        help: "Only of this business key, such as an order number; `*` is any text and `?` any character: `SO-10*`.")
    var subject: String?

    @Option(help: "Only of this cause: a fingerprint as `dead-letter groups` shows it, or how it begins.")
    var fingerprint: String?

    @Option(help: "Only with this text in the sentence that says why, such as a SKU; a cause may hold several.")
    var says: String?

    @Option(
        help: "Only what failed last longer ago than this: 30m, 2h, 7d, or before a time: 2026-12-01T00:00:00Z.",
        transform: { try Moment.past($0) })
    var older: Moment?

    @Option(
        help: "Only what failed last less long ago than this: 30m, 2h, 7d, or since a time.",
        transform: { try Moment.past($0) })
    var newer: Moment?

    func validate() throws {
        try expectTexts()
        if let older, let newer, older.microseconds <= newer.microseconds {
            throw ValidationError("nothing is both older and newer than that: --older is the nearer one of the two")
        }
        if let flow, !FleetTopology.flows.contains(flow) {
            throw ValidationError(
                "there is no flow \(flow); the flows are \(FleetTopology.flows.joined(separator: ", "))")
        }
        if let queue, LetterSource(queue: queue) == nil {
            let names = LetterSource.all.map(\.queue).joined(separator: ", ")
            throw ValidationError("there are no letters in a queue \(queue), but in \(names)")
        }
        if let queue, let flow, LetterSource(queue: queue)?.flow != flow {
            throw ValidationError("no letter of \(flow) lies in \(queue): leave one of the two out")
        }
        if let fingerprint, !fingerprint.utf8.allSatisfy({ Self.digits.contains($0) }) {
            throw ValidationError("a fingerprint has the digits 0-9 and a-f; `dead-letter groups` shows them")
        }
        if let category, Failure.Category(rawValue: category) == nil {
            let names = Failure.Category.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no category \(category); the categories are \(names)")
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Where to look. What was unrouted is only meant when it is named: it is no failure of the message.
    var sources: [LetterSource] {
        if let source = queue.flatMap(LetterSource.init(queue:)) { return [source] }
        return (flow.map { [$0] } ?? FleetTopology.flows).map { .dead(flow: $0) }
    }

    /// Everywhere, the likely place first.
    static func everywhere(first flow: String?) -> [LetterSource] {
        LetterSource.all.filter { $0.flow == flow } + LetterSource.all.filter { $0.flow != flow }
    }

    /// An empty text, which a script may leave, would mean nothing or everything.
    private func expectTexts() throws {
        let texts: [(String, String?)] = [
            ("code", code), ("type", type), ("subject", subject), ("fingerprint", fingerprint), ("says", says),
        ]
        for case (let name, let text?) in texts {
            if text.isEmpty { throw ValidationError("--\(name) must say something") }
            if text.utf8.count > 500 { throw ValidationError("--\(name) is too long") }
        }
    }

    /// The flow that is named, by itself or by its queue.
    private var namedFlow: String? { queue.flatMap(LetterSource.init(queue:))?.flow ?? flow }
}

extension LetterFilter {
    func matches(_ letter: Letter) -> Bool { matches(LetterRow(letter)) }

    func matches(_ row: LetterRow) -> Bool {
        guard isOfFlow(row), isInTime(row), category == nil || category == row.category else { return false }
        // Byte by byte: texts that merely look alike are two to the ledger.
        if let type, !type.utf8.elementsEqual(row.type.utf8) { return false }
        if let code, !Glob(code).matches(row.code) { return false }
        if let subject, !Glob(subject).matches(row.subject) { return false }
        if let says, row.sentence.utf8.firstRange(of: says.utf8) == nil { return false }
        guard let fingerprint else { return true }
        return row.fingerprint.utf8.starts(with: fingerprint.utf8)
    }

    private func isOfFlow(_ row: LetterRow) -> Bool {
        namedFlow.map { $0 == row.flow } ?? (row.flow != FleetTopology.unroutedQueue)
    }

    /// When a letter failed may be unknown; then it is neither older nor newer than anything.
    private func isInTime(_ row: LetterRow) -> Bool {
        guard older != nil || newer != nil else { return true }
        return row.lastFailedAt >= times.since && row.lastFailedAt < times.before
    }

    private var times: (since: Int64, before: Int64) {
        (max(1, newer?.microseconds ?? 1), older?.microseconds ?? .max)
    }

    /// The same question to the ledger. It has nothing that is unrouted, so it need not be told to leave that out.
    func query(state: DeadLetterState?) -> DeadLetterFilter {
        var query = DeadLetterFilter(
            state: state, flow: namedFlow, type: type, category: category, fingerprintPrefix: fingerprint,
            sentencePart: says)
        if let code = code.map({ Glob($0) }), !code.isOpen {
            if code.isLiteral { query.code = code.text } else { query.codePattern = code.text }
        }
        if let subject = subject.map({ Glob($0) }), !subject.isOpen {
            if subject.isLiteral { query.subject = subject.text } else { query.subjectPattern = subject.text }
        }
        if older != nil || newer != nil {
            query.since = times.since
            query.before = times.before
        }
        return query
    }
}
