internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// Judges what would come of letters, by the contract, by what has been applied, and by what the store's tables show.
struct LetterJudge: Sendable {
    private let store = DatabaseStorefront()
    /// Whether the store's tables are there; nil when it is to be asked for each letter.
    private var isShown: Bool?

    /// The same for many letters of one look into the ledger.
    func knowing(_ snapshot: LedgerSnapshot) throws -> LetterJudge {
        var judge = self
        judge.isShown = try DatabaseStorefront.isShown(in: snapshot)
        return judge
    }

    /// - Parameter snapshot: nil where there is no ledger; only the contract speaks then.
    func verdict(_ letter: Letter, _ snapshot: LedgerSnapshot?) throws -> LetterVerdict {
        guard letter.text(MessageHeader.erased) == nil else {
            return .stillInvalid("What it said of a person was erased: it is not what was sent.")
        }
        let verdict = try verdict(
            letter.content, flow: letter.flow, code: letter.code, faults: letter.faults, snapshot)
        return Self.isRestated(letter.text(MessageHeader.restated)) ? verdict.restated : verdict
    }

    /// Whether it is written once more by who has it already, into tables that have lost it.
    static func isRestated(_ header: String?) -> Bool { header == "true" }

    /// The same of a letter of which only this is at hand.
    func verdict(
        _ content: Received?, flow: String, code: String, faults: [LetterFault], _ snapshot: LedgerSnapshot?
    ) throws -> LetterVerdict {
        guard let content else { return .stillInvalid(Self.sentence(faults)) }
        guard let snapshot else { return .willApply }
        return try applied(content, flow, snapshot) ?? obstacle(content, code, snapshot) ?? .willApply
    }

    private static func sentence(_ faults: [LetterFault]) -> String {
        guard let first = faults.first else { return "It cannot be read." }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        return "\(first.pointer.isEmpty ? "" : first.pointer + ": ")\(first.sentence)\(more)"
    }

    /// The rule by which workers claim.
    private func applied(
        _ content: Received, _ flow: String, _ snapshot: LedgerSnapshot
    ) throws -> LetterVerdict? {
        let key = FleetTopology.claimKey(of: content, in: flow)
        guard let state = try snapshot.subjectState(family: key.family, subject: key.subject) else { return nil }
        if key.revision < state.revision { return .superseded(by: state.revision) }
        guard key.revision == state.revision else { return nil }
        // Nobody knows any more what it said, so workers take this for an older one.
        guard let hash = state.hash else { return .superseded(by: state.revision) }
        guard hash == key.hash else {
            return .stillInvalid("Revision \(key.revision) has arrived with other content.")
        }
        return .alreadyApplied
    }

    private func obstacle(
        _ content: Received, _ code: String, _ snapshot: LedgerSnapshot
    ) throws -> LetterVerdict? {
        guard try isShown ?? DatabaseStorefront.isShown(in: snapshot) else { return nil }
        if let obstacle = try store.obstacle(to: content.payload, snapshot) {
            return .dependencyMissing(obstacle.sentence)
        }
        // Of other failures it says nothing: what the ERP sells, the store need not.
        guard let order = content.payload as? Order, code.contains("sku") else { return nil }
        let unknown = try store.unknownProducts(in: order, snapshot)
        guard let first = unknown.first else { return nil }
        let more = unknown.count > 1 ? " (and \(unknown.count - 1) more)" : ""
        return .dependencyMissing("The ERP has told of no product \"\(first)\"\(more).")
    }
}
