package import Ledger
package import Models

/// How far the fleet has come with an object. While it stays so, nobody was told anything newer of it, and nothing newer was
/// applied.
package struct FleetStanding: Hashable, Sendable {
    /// The revision that was told last, by the ERP's count.
    package var told: Int64
    /// The revision that a worker has applied.
    package var applied: Int64
    /// The last of the revisions that are counted here, as those of a status.
    package var stated: Int64

    package init(told: Int64, applied: Int64, stated: Int64) {
        self.told = told
        self.applied = applied
        self.stated = stated
    }
}

extension LedgerSnapshot {
    /// Of what messages of this type tell.
    package func standing(of subject: String, _ type: MessageType) throws -> FleetStanding {
        FleetStanding(
            told: try toldRevision(family: type.family, subject: subject),
            applied: try subjectState(family: type.family, subject: subject)?.revision ?? 0,
            stated: try statedRevision(of: subject, type))
    }

    /// Of the store's own order, on its way to the ERP, and of what was said about it.
    package func standing(ofOrder number: String) throws -> FleetStanding {
        let (order, status) = (Catalogue.orderPlaced, Catalogue.orderStatus)
        return FleetStanding(
            told: try toldRevision(family: status.family, subject: number),
            applied: try subjectState(family: order.family, subject: number)?.revision ?? 0,
            stated: try statedRevision(of: number, status))
    }

    private func statedRevision(of subject: String, _ type: MessageType) throws -> Int64 {
        try first(
            "SELECT value FROM revision_counter WHERE family = ? AND subject = ?", .text(type.family), .text(subject)
        ) { $0.integer(0) } ?? 0
    }
}
