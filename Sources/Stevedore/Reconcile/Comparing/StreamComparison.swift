internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Compares one stream: walks through both sides, then looks closely at whatever is not equal.
struct StreamComparison: Sendable {
    let stream: ReconcileStream
    let real: Ledger
    let scratch: ScratchLedger
    let listing: ERPListing
    /// False for a store that is only posted to: then what it was told is compared.
    let hasTables: Bool
    /// Whether the ERP is asked for orders that it does not list, one by one.
    var asks = true

    /// Puts down what is not equal. Returns how many objects either side has.
    func compare() async throws -> Int {
        var count = 0
        for kind in stream.kind.shown { count += try await compare(kind) }
        if stream.kind == .orders { count += try await findUnlistedOrders() }
        return count
    }

    private func compare(_ kind: ShownKind) async throws -> Int {
        var sides = MergedSides(expected: expected(kind), shown: shown(kind))
        var (count, candidates): (Int, [Candidate]) = (0, [])
        while let pair = try await sides.next() {
            count += 1
            if !isEqual(pair, kind), let key = (pair.expected ?? pair.shown)?.key {
                candidates.append(Candidate(kind: kind, key: key, subject: subject(kind, key)))
            }
            if candidates.count == 500 { try await put(&candidates) }
            if count.isMultiple(of: 500) { try listing.interruption.check() }
        }
        try await put(&candidates)
        return count
    }

    private func put(_ candidates: inout [Candidate]) async throws {
        let some = candidates
        candidates = []
        guard !some.isEmpty else { return }
        try await scratch.ledger.write { try $0.add(some) }
    }

    private func isEqual(_ pair: MergedSides.Pair, _ kind: ShownKind) -> Bool {
        guard let expected = pair.expected, let shown = pair.shown else { return false }
        guard hasTables else { return shown.revision >= expected.revision }
        return expected.digest == shown.digest && !shown.lacksOwnPart
            && StatedPart.differences(expected: expected.stated, shown: shown.stated).isEmpty
            && tables(kind).missedAnswer(expected: expected.answered, shown: shown.answered) == nil
    }

    private func expected(_ kind: ShownKind) -> any ComparedSide {
        guard hasTables else { return ListedSide(ledger: scratch.ledger, kind: kind) }
        return TableSide(ledger: scratch.ledger, tables: tables(kind), stated: .listing)
    }

    private func shown(_ kind: ShownKind) -> any ComparedSide {
        guard hasTables else { return ToldSide(ledger: real, kind: kind, warehouse: stream.warehouse) }
        return TableSide(ledger: real, tables: tables(kind), stated: .store)
    }

    func tables(_ kind: ShownKind) -> ShownTables { ShownTables(kind, warehouse: stream.warehouse) }

    private func subject(_ kind: ShownKind, _ key: ShownKey) -> String {
        hasTables ? kind.subject(of: key) : key.parts.first ?? ""
    }

    // MARK: - Orders

    /// Orders that the ERP has answered and does not list. Returns how many of them the walk has not counted.
    private func findUnlistedOrders() async throws -> Int {
        var (last, more): (String, Int) = ("", 0)
        while true {
            try listing.interruption.check()
            let start = last
            let numbers = try await real.read { try $0.handedOverOrders(after: start, limit: 500) }
            guard let end = numbers.last else { return more }
            last = end
            let listed = try await scratch.ledger.read {
                try $0.notedSubjects(.onlineOrder, after: start, through: end)
            }
            let shown = try await shownOrders(after: start, through: end)
            var candidates = numbers.map { Candidate(kind: .onlineOrder, key: ShownKey([$0]), subject: $0) }
            candidates.removeAll { listed.contains($0.key) }
            // What a store that is only posted to was told of has been counted.
            if hasTables { more += candidates.count { !shown.contains($0.key) } }
            try await put(&candidates)
        }
    }

    private func shownOrders(after last: String, through end: String) async throws -> Set<ShownKey> {
        guard hasTables else { return [] }
        let keys = try await real.read { snapshot in
            try snapshot.query(
                "SELECT number FROM store_order WHERE origin = 'online' AND number > ? AND number <= ?", .text(last),
                .text(end)
            ) { ShownKey([$0.text(0)]) }
        }
        return Set(keys)
    }
}

extension LedgerSnapshot {
    /// Numbers of orders of which a worker has the ERP's own number, behind one.
    fileprivate func handedOverOrders(after number: String, limit: Int) throws -> [String] {
        try query(
            """
            SELECT subject FROM subject_state WHERE family = ? AND subject > ? AND reference IS NOT NULL
            ORDER BY subject LIMIT ?
            """, .text(Catalogue.orderPlaced.family), .text(number), .integer(Int64(limit))
        ) { $0.text(0) }
    }
}
