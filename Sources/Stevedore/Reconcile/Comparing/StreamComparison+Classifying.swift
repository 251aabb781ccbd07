internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

// What is not equal at first sight is looked at closely, one object after the other: as it is now on both sides.
extension StreamComparison {
    /// An object as it is on both sides.
    enum Sight {
        case equal
        case unequal(Finding)
        /// The ERP does not list it.
        case unlisted(Finding, isShown: Bool)
    }

    /// What one side has of it, for a close look.
    private struct Side: Sendable {
        var object: ShownObject?
        var rows: ShownRows
        /// As the ERP listed it.
        var noted: NotedObject?
        /// How far the fleet has come with it.
        var standing: FleetStanding?
        var lacksOwnPart = false
        /// What the store said of its order.
        var stated: StatedPart?
    }

    /// What is the matter with an object; nil when nothing is.
    /// - Parameter unanswered: What is known of it, when it is an order that the ERP has never answered.
    func classify(_ one: Candidate, unanswered: UnansweredOrder? = nil) async throws -> Finding? {
        switch try await sight(one) {
        case .equal: return nil
        case .unequal(let finding): return finding
        case .unlisted(let finding, let isShown):
            guard one.kind == .onlineOrder else { return try await unlisted(finding, isShown: isShown) }
            return try await unlistedOrder(finding, unanswered)
        }
    }

    func sight(_ one: Candidate) async throws -> Sight {
        guard hasTables else { return try await toldSight(one) }
        let (expected, shown) = try await sides(one)
        let digests = [expected.object, shown.object].map { $0?.digest.description ?? "-" }
        var finding = Finding(
            kind: one.kind, key: one.key, subject: one.subject, what: .differing,
            digest: digests.joined(separator: "/"))
        finding.standing = shown.standing
        guard expected.object != nil else { return .unlisted(finding, isShown: shown.object != nil) }
        guard shown.object != nil else {
            finding.what = .missingInStore
            return .unequal(finding)
        }
        let tables = tables(one.kind)
        if let missed = tables.missedAnswer(expected: expected.rows.answered, shown: shown.rows.answered) {
            finding.differences = [missed]
        }
        guard expected.object?.digest != shown.object?.digest else {
            return finding.differences.isEmpty ? alike(finding, expected, shown) : .unequal(finding)
        }
        return differing(finding, expected, shown)
    }

    private func differing(_ finding: Finding, _ expected: Side, _ shown: Side) -> Sight {
        let tables = tables(finding.kind)
        var finding = finding
        finding.differences += tables.differences(expected: expected.rows, shown: shown.rows)
        // What is left of its parts shows nobody anything.
        if shown.rows.lackItself, !expected.rows.lackItself { finding.what = .missingInStore }
        finding.isErased = tables.isErased(shown.rows) && !tables.isErased(expected.rows)
        let isRefusal = tables.isRefusal(finding.differences, expected: expected.rows, shown: shown.rows)
        // Of what the ERP has done since it refused, the store has to hear.
        let isNewest = expected.noted.map { $0.version <= shown.standing?.told ?? 0 } ?? true
        return isRefusal && isNewest ? alike(finding, expected, shown) : .unequal(finding)
    }

    /// Of what the ERP decides nothing differs: then what the store itself has said of its order may be missing, or be
    /// another thing than it said to the ERP.
    private func alike(_ finding: Finding, _ expected: Side, _ shown: Side) -> Sight {
        let changes = StatedPart.differences(expected: expected.stated, shown: shown.stated)
        guard shown.lacksOwnPart || !changes.isEmpty else { return .equal }
        var finding = finding
        (finding.isOwnPart, finding.differences) = (true, changes)
        return .unequal(finding)
    }

    private func sides(_ one: Candidate) async throws -> (expected: Side, shown: Side) {
        let tables = tables(one.kind)
        let expected = try await scratch.ledger.read { snapshot in
            Side(
                object: try tables.object(one.key, snapshot), rows: try tables.rows(one.key, snapshot),
                noted: try snapshot.notedObject(one.kind, one.subject),
                stated: try one.kind == .onlineOrder ? snapshot.listedPart(ofOrder: one.subject) : nil)
        }
        let shown = try await real.read { snapshot in
            Side(
                object: try tables.object(one.key, snapshot), rows: try tables.rows(one.key, snapshot),
                standing: try snapshot.standing(of: one.subject, one.kind.type),
                lacksOwnPart: try one.kind == .onlineOrder && snapshot.lacksOwnPart(one.subject),
                stated: try one.kind == .onlineOrder ? snapshot.shownPart(ofOrder: one.subject) : nil)
        }
        return (expected, shown)
    }

    private func toldSight(_ one: Candidate) async throws -> Sight {
        let noted = try await scratch.ledger.read { try $0.notedObject(one.kind, one.subject) }
        let (shown, standing) = try await real.read { snapshot in
            (
                try snapshot.shownRevision(of: one.subject, one.kind),
                try snapshot.standing(of: one.subject, one.kind.type)
            )
        }
        var finding = Finding(kind: one.kind, key: one.key, subject: one.subject, what: .differing)
        finding.standing = standing
        finding.digest = "\(noted.map { String($0.revision) } ?? "-")/\(shown)"
        guard let noted else { return .unlisted(finding, isShown: shown > 0) }
        guard shown < noted.revision else { return .equal }
        finding.what = shown == 0 ? .missingInStore : .differing
        finding.differences = [
            ShownDifference(
                table: "revision", column: nil,
                values: .init(expected: String(noted.revision), shown: shown == 0 ? nil : String(shown)))
        ]
        return .unequal(finding)
    }

    /// What has been withdrawn is equal: the store shows it as gone.
    private func unlisted(_ finding: Finding, isShown: Bool) async throws -> Finding? {
        var finding = finding
        finding.what = .orphaned
        guard isShown, try await !isWithdrawn(finding) else { return nil }
        let subject = finding.subject
        let isNameless = try await scratch.ledger.read { try $0.unreadableReason(subject, orNameless: true) }
        finding.excuse = isNameless.map { .explained("the ERP's row cannot be read: \($0)") }
        if finding.excuse == nil, let end = try await end(of: finding) { finding.excuse = .over(end) }
        return finding
    }

    private func isWithdrawn(_ finding: Finding) async throws -> Bool {
        guard stream.kind.hasWithdrawals else { return false }
        let (changes, name, keys) = (stream.kind.changes, stream.description, finding.key.parts)
        let subject = finding.subject
        return try await real.read { [hasTables] snapshot in
            guard hasTables else { return try snapshot.isListedGone(subject, in: name) }
            let told = try snapshot.has("told") ? snapshot.toldRevision(family: changes.family, subject: subject) : 0
            let today = String(Timestamp.now().description.prefix(10))
            let withdrawal = try changes.withdrawal(
                of: keys, isAgain: false, after: told, today: today, shown: snapshot)
            if case .needless = withdrawal { return true }
            return false
        }
    }

    /// How an order keyed in the ERP, or the one of a shipment, has ended, so that the ERP need not keep it; nil when it has
    /// not, or the ERP still has it.
    private func end(of finding: Finding) async throws -> OrderStatus.State? {
        guard hasTables, finding.kind == .offlineOrder || finding.kind == .shipment else { return nil }
        let (kind, subject) = (finding.kind, finding.subject)
        let order = try await real.read { snapshot -> (number: String, origin: String)? in
            guard kind == .shipment else { return (number: subject, origin: "offline") }
            return try snapshot.first("SELECT number, origin FROM store_shipment WHERE id = ?", .text(subject)) {
                (number: $0.text(0), origin: $0.text(1))
            }
        }
        guard let order else { return nil }
        let state = try await real.read { try $0.shownOrderState(order.number, origin: order.origin) }
        guard let state, state.isFinal else { return nil }
        guard asks, order.origin == "online" else { return state }
        if case .success(.none) = try await find(order.number) { return state }
        return nil
    }
}

extension Excuse {
    /// An order has come to its end, and the ERP keeps it no more.
    static func over(_ state: OrderStatus.State) -> Excuse {
        .explained("finished (\(state.rawValue)), and the ERP keeps it no more")
    }
}
