internal import Fleet
internal import Ledger
internal import Models

/// What `discard --tell-store` would have buyers read, before it does: by the index, and by the bodies that the ledger
/// keeps. No queue is touched.
struct RejectionPreview: Hashable, Sendable {
    /// An order that would be answered.
    struct Answer: Hashable, Sendable {
        var number: String
        var revision: Int64
    }

    /// What a letter that is meant comes to.
    enum Fate: Hashable, Sendable {
        case answered(Answer)
        /// The store is told nothing: it is no order, or one that the ERP has.
        case untold
        /// Only the queue has its body: it is seen when its turn comes.
        case unread
    }

    /// What each buyer reads, as it is told.
    let words: String
    private(set) var answers: [Answer] = []
    private var seen: Set<Answer> = []
    private(set) var untold = 0
    private(set) var unread = 0
    private static let page = 500
    /// Orders that are listed.
    static let most = 100

    init(reason: String) { words = OrderStatus.Reason(discarding: reason).text }

    /// Reads what the errand means; page by page, because a snapshot should not be kept for long.
    static func read(
        _ errand: LetterErrand, _ configuration: Configuration
    ) async throws(ProgramError) -> RejectionPreview {
        var preview = RejectionPreview(reason: errand.order.reason)
        let (ids, filter) = (Set(errand.ids), errand.filter)
        var last: Int64 = 0
        while true {
            let start = last
            let page = try await LedgerFile.read(configuration) { snapshot in
                try snapshot.deadLetters(behind: start, state: .open, limit: Self.page)
            }
            guard let page, let end = page.last else { return preview }
            last = end.number
            let meant = page.map(\.record).filter { record in
                filter.matches(LetterRow(record)) && (ids.isEmpty || ids.contains(record.id))
            }
            let fates = try await LedgerFile.read(configuration) { snapshot in
                try meant.map { try fate(of: $0, snapshot) }
            }
            for fate in fates ?? [] { preview.add(fate) }
        }
    }

    static func fate(of record: DeadLetterRecord, _ snapshot: LedgerSnapshot) throws -> Fate {
        guard let id = record.payload, let kept = try snapshot.payload(id: id) else { return .unread }
        guard let order = try snapshot.rejectable(Letter(record, kept)) else { return .untold }
        return .answered(Answer(number: order.number, revision: order.revision))
    }

    mutating func add(_ fate: Fate) {
        switch fate {
        case .answered(let answer): if seen.insert(answer).inserted { answers.append(answer) }
        case .untold: untold += 1
        case .unread: unread += 1
        }
    }
}

extension RejectionPreview {
    func text(width: Int?) -> String { orders(width) + others }

    private func orders(_ width: Int?) -> String {
        guard !answers.isEmpty else { return "The store would be told of no order.\n" }
        var table = TextTable([.text("ORDER"), .number("REVISION"), .text("TOLD AS"), .text("ITS BUYER READS")])
        for answer in answers.prefix(Self.most) {
            table.add([answer.number, "\(answer.revision)", OrderStatus.State.rejected.rawValue, words])
        }
        let more = answers.count - Self.most
        let rest = more > 0 ? "and \(Count.text(more, "more order")), with the same words\n" : ""
        return "The store would be told so, and each buyer reads the reason word for word:\n"
            + table.text(width: width) + rest
    }

    private var others: String {
        var lines = ""
        if untold > 0 {
            lines +=
                "Of \(Count.text(untold, "letter")) the store would be told nothing: "
                + "no order, or one that the ERP has, or that is answered.\n"
        }
        if unread > 0 {
            lines +=
                "Only their queue has the body of \(Count.text(unread, "letter")): "
                + "whether the store would be told is seen in their turn.\n"
        }
        return lines
    }
}
