internal import Ledger
internal import Models

extension LedgerTransaction {
    /// Ends the story of the dead letters whose object has arrived with this message, at its revision or an older one.
    func resolveDeadLetters(of message: Received) throws {
        guard try hasUnsettledDeadLetters() else { return }
        try resolveDeadLetters(
            subject: message.envelope.subject, types: message.type.familyTypes, upTo: message.envelope.revision)
    }

    /// The same after a claim was refused, because the ledger is at this revision already or beyond it.
    func resolveDeadLetters(of message: Received, after claim: Claim) throws {
        switch claim {
        case .duplicate: try resolveDeadLetters(of: message)
        case .superseded(let revision):
            guard try hasUnsettledDeadLetters() else { return }
            try resolveDeadLetters(
                subject: message.envelope.subject, types: message.type.familyTypes, upTo: revision,
                note: "overtaken by revision \(revision)")
        case .claimed, .conflict, .busy: break
        }
    }
}

extension MessageType {
    /// The names of all types that restate the same kind of object.
    var familyTypes: [String] { Catalogue.types.filter { $0.family == family }.map(\.name) }
}
