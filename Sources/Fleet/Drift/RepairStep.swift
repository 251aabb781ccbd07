package import Ledger
package import Models

/// How an object that has drifted is brought back by an ordinary message.
package enum RepairStep: Hashable, Sendable {
    /// The ERP's object is told at a revision that nobody has applied.
    case tell
    /// What was applied before is told again, and written although it is known.
    case restate
    /// The ERP's object is told at this revision, ahead of the ERP's own: the fleet has applied that, or a newer one, with
    /// other content. The feed keeps in mind how far ahead it is.
    case ahead(Int64)
    /// The order's status is told at its next revision.
    case status
    /// The same, and what the store itself said of its order is noted again, as it was handed over.
    case whole
    /// The order's status alone, for nothing here has any more what the store said of it: to have that back the store
    /// publishes the order again, at this revision.
    case bare(Int64)
    /// What the store itself said of its order is noted again; where it stands is shown already.
    case note
    /// The store is told that the object is gone, as the feed would.
    case withdraw
    /// The store's order is sent to the ERP once more, as it was handed over.
    case handOver
    /// No message can; it says why, and what a person can do.
    case impossible(String)

    /// In a few words, for lists.
    package var words: String {
        switch self {
        case .tell: "told as the ERP states it"
        case .restate: "told again"
        case .ahead(let revision): "told again at revision \(revision)"
        case .status: "told again where it stands"
        case .whole: "told again where it stands, and noted again with what the store said of it"
        case .bare(let next):
            "told again as the ERP knows it; publish the order again, at revision \(next), for the store's own part "
                + "(account, sums, addresses)"
        case .note: "noted again with what the store said of it (account, sums, addresses), of which it shows nothing"
        case .withdraw: "withdrawn from the store"
        case .handOver: "sent to the ERP again"
        case .impossible(let why): why
        }
    }

    /// Whether a message is sent.
    package var isPossible: Bool {
        if case .impossible = self { return false }
        return true
    }
}

extension LedgerSnapshot {
    /// How the store is told an object of the ERP again.
    ///
    /// - Parameters:
    ///   - hash: Of what would be told at `revision`.
    ///   - stream: Where the feed counts how far ahead revisions are; nil for a kind that has none but the ERP's.
    package func restatement(
        of subject: String, _ type: MessageType, revision: Int64, hash: ContentDigest, stream: String?
    ) throws -> RepairStep {
        guard let state = try subjectState(family: type.family, subject: subject), state.revision >= revision else {
            return .tell
        }
        if state.revision == revision, state.hash == hash { return .restate }
        let last = try max(state.revision, toldRevision(family: type.family, subject: subject))
        guard stream != nil, last < .max, try has("feed_listed") else {
            return .impossible(
                "The fleet has applied revision \(state.revision), and the ERP states another content at revision "
                    + "\(revision): change the object in the ERP, which makes a new revision.")
        }
        return .ahead(last + 1)
    }

    /// How the store's order gets to the ERP once more: only when nothing says that any of it was delivered, or is not to be.
    package func handover(of number: String, hasTables: Bool) throws -> RepairStep {
        let state = try subjectState(family: Catalogue.orderPlaced.family, subject: number)
        guard let state, state.wanted > 0 else {
            return .impossible(try unansweredRemedy(number))
        }
        if let doubt = try handoverDoubt(number, hasTables: hasTables) { return .impossible(doubt) }
        guard try keptOrder(number, state) == nil else { return .handOver }
        return .impossible(
            "Its body is not kept any more: have the store publish it anew, at revision \(state.wanted + 1).")
    }

    private func unansweredRemedy(_ number: String) throws -> String {
        let types = Set(Catalogue.types.filter { $0.family == Catalogue.orderPlaced.family }.map(\.name))
        let discarded = try query(
            "SELECT id, type FROM dead_letter WHERE subject = ? AND state = 'discarded' ORDER BY last_failed_at DESC",
            .text(number)
        ) { (id: $0.text(0), type: $0.optionalText(1)) }
        guard let letter = discarded.first(where: { $0.type.map(types.contains) ?? true }) else {
            return "No worker has brought it to the ERP: publish it again; `stevedore why \(number)` says how far it "
                + "came."
        }
        return "Its dead letter \(letter.id) was discarded, and the store shows it as open all the same: publish it "
            + "again if it is to be delivered, else have the store say that it is not."
    }

    /// Why the ERP might deliver it twice; nil when it cannot.
    private func handoverDoubt(_ number: String, hasTables: Bool) throws -> String? {
        let seeERP = "see with the ERP what has become of it"
        switch try orderProgress(number, hasTables: hasTables) {
        case .finished(let end): return "It is \(end.rawValue), and is not to be delivered again: \(seeERP)."
        case .begun: return "Some of it has left: entered again it would be delivered twice; \(seeERP)."
        case .unknown:
            return "Nothing here says whether any of it has left: \(seeERP), and have the store publish it anew."
        case .open: break
        }
        guard try isUnderWay(number, Catalogue.orderStatus) else { return nil }
        return "What the ERP said of it last has not reached the store: run it again when it has."
    }

    /// The message by which the newest revision of an order was handed over, byte for byte.
    func keptOrder(_ number: String, _ state: SubjectState) throws -> StoredMessage? {
        let types = Set(Catalogue.types.filter { $0.family == state.family }.map(\.name))
        let entries = try journalEntries(subject: number).filter { entry in
            // Without its digest, only what was worked on: under the same revision a refused letter may be kept, too.
            entry.revision == state.wanted && entry.type.map(types.contains) == true
                && (state.hash != nil || entry.stage == RepairNote.stage || entry.stage == Self.appliedStage)
        }
        for id in Set(entries.compactMap(\.messageID)).sorted() {
            // One that came in binary mode may be kept as a whole, too.
            for name in [id, id + "#structured"] {
                guard let body = try payload(id: name)?.body, let message = try? MessageReader().read(body),
                    message.claimKey.revision == state.wanted, message.claimKey.subject == number,
                    state.hash == nil || message.claimKey.hash == state.hash
                else { continue }
                return StoredMessage(
                    id: message.envelope.id, type: message.type.name, subject: number, revision: state.wanted,
                    body: body)
            }
        }
        return nil
    }
}

extension LedgerSnapshot {
    /// The stage of a step that brought an order to the ERP.
    private static let appliedStage = "applied"
}

extension SubjectState {
    /// Whether its newest revision has been reopened, and not been applied since.
    var isReopened: Bool { hash == nil && isUncertain && reference != nil }

    /// The revision that the other side is to have: of a reopened one the revision before is what counts as applied.
    var wanted: Int64 { isReopened ? revision + 1 : revision }
}
