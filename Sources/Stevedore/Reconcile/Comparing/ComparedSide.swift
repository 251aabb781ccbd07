internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// An object as one side has it.
struct SideObject: Hashable, Sendable {
    var key: ShownKey
    /// Of what is shown; nil where only revisions are compared.
    var digest: ContentDigest?
    var revision: Int64 = 0
    /// Which of the store's revisions of its order is answered.
    var answered: Int64?
    /// Nothing is shown of what the store itself has said of its order, though it was handed over here.
    var lacksOwnPart = false
    /// What the store said of its order; nil where nobody knows.
    var stated: StatedPart?
}

/// The objects of one side, page by page in the order of their keys: never more than a page is held.
protocol ComparedSide: Sendable {
    func page(after last: ShownKey?, limit: Int) async throws -> [SideObject]
}

/// What tables show: the store's, or those that the ERP's objects were written into.
struct TableSide: ComparedSide {
    let ledger: Ledger
    let tables: ShownTables
    /// Where this side has what was said of orders.
    let stated: StatedSource

    func page(after last: ShownKey?, limit: Int) async throws -> [SideObject] {
        try await ledger.read { snapshot in
            let page = try tables.page(after: last, limit: limit, snapshot)
            guard let end = page.last?.key else { return [] }
            let answers = try tables.answers(after: last, through: end, snapshot)
            let bare = try bareOrders(after: last, through: end, snapshot)
            let isOrder = tables.kind == .onlineOrder
            let parts = try isOrder ? stated.parts(after: last, through: end, snapshot) : [:]
            return page.map { object in
                SideObject(
                    key: object.key, digest: object.digest, answered: answers[object.key],
                    lacksOwnPart: bare.contains(object.key), stated: parts[object.key])
            }
        }
    }

    private func bareOrders(
        after last: ShownKey?, through end: ShownKey, _ snapshot: LedgerSnapshot
    ) throws -> Set<ShownKey> {
        guard tables.kind == .onlineOrder, let end = end.parts.first else { return [] }
        let numbers = try snapshot.ordersWithoutOwnPart(after: last?.parts.first ?? "", through: end)
        return Set(numbers.map { ShownKey([$0]) })
    }
}

/// What the ERP lists, by subject and revision.
struct ListedSide: ComparedSide {
    let ledger: Ledger
    let kind: ShownKind

    func page(after last: ShownKey?, limit: Int) async throws -> [SideObject] {
        try await ledger.read { [kind] snapshot in
            try snapshot.query(
                """
                SELECT subject, revision FROM erp_object WHERE kind = ? AND subject > ? ORDER BY subject LIMIT ?
                """, .text(kind.rawValue), .text(last?.parts.first ?? ""), .integer(Int64(limit))
            ) { SideObject(key: ShownKey([$0.text(0)]), revision: $0.integer(1)) }
        }
    }
}

/// What a store that is posted to was told, by subject and revision.
struct ToldSide: ComparedSide {
    let ledger: Ledger
    let kind: ShownKind
    var warehouse: String?

    func page(after last: ShownKey?, limit: Int) async throws -> [SideObject] {
        let ending = warehouse.map { "/" + SubjectKey.joined($0) } ?? ""
        return try await ledger.read { [kind] snapshot in
            guard try snapshot.has("told") else { return [] }
            let subjects = try snapshot.query(
                """
                SELECT subject FROM told
                WHERE family = ?1 AND subject > ?2 AND (?3 = '' OR substr(subject, -length(?3)) = ?3)
                ORDER BY subject LIMIT ?4
                """, .text(kind.type.family), .text(last?.parts.first ?? ""), .text(ending), .integer(Int64(limit))
            ) { $0.text(0) }
            return try subjects.map { subject in
                SideObject(key: ShownKey([subject]), revision: try snapshot.shownRevision(of: subject, kind))
            }
        }
    }
}

extension LedgerSnapshot {
    /// The revision, by the ERP's count, that a store was told of an object and a worker has taken for it.
    func shownRevision(of subject: String, _ kind: ShownKind) throws -> Int64 {
        let family = kind.type.family
        let told = try toldRevision(family: family, subject: subject)
        // Statuses are counted here, and not by the ERP.
        guard kind != .onlineOrder else { return try isUnderWay(subject, kind.type) ? 0 : told }
        return min(told, try subjectState(family: family, subject: subject)?.revision ?? 0)
    }
}

/// Two sides, walked through together.
struct MergedSides {
    /// An object, as each side has it.
    struct Pair: Sendable {
        var expected: SideObject?
        var shown: SideObject?
    }

    private struct Reader {
        let side: any ComparedSide
        var page: [SideObject] = []
        var index = 0
        var last: ShownKey?
        var isOver = false

        init(_ side: any ComparedSide) { self.side = side }

        /// The next object; nil at the end.
        mutating func peek(_ limit: Int) async throws -> SideObject? {
            if index == page.count, !isOver {
                page = try await side.page(after: last, limit: limit)
                index = 0
                last = page.last?.key ?? last
                isOver = page.isEmpty
            }
            return index < page.count ? page[index] : nil
        }
    }

    private var expected: Reader
    private var shown: Reader
    private let limit: Int

    init(expected: any ComparedSide, shown: any ComparedSide, pageSize limit: Int = 500) {
        (self.expected, self.shown, self.limit) = (Reader(expected), Reader(shown), limit)
    }

    /// The next object that either side has; nil at the end of both.
    mutating func next() async throws -> Pair? {
        let (one, other) = (try await expected.peek(limit), try await shown.peek(limit))
        guard let key = [one?.key, other?.key].compactMap(\.self).min() else { return nil }
        var pair = Pair()
        if let one, one.key == key {
            pair.expected = one
            expected.index += 1
        }
        if let other, other.key == key {
            pair.shown = other
            shown.index += 1
        }
        return pair
    }
}
