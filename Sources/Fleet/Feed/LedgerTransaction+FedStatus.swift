package import Ledger
package import Models

extension LedgerTransaction {
    /// What the store is told of its order as it stands in the ERP at `version`, at the next revision of its status; written
    /// down as told by a feed. The caller sends it.
    package func fedStatus(_ standing: OrderStatus, version: Int64) throws -> OrderStatus {
        let family = Catalogue.orderStatus.family
        // What it answers is the revision that the ERP stands at.
        var status = try settled(standing, at: standing.answeredRevision)
        try noteFed(family: family, subject: status.number, revision: version, answering: status.answeredRevision)
        status.revision = try nextRevision(family: family, subject: status.number)
        // Of a revision that it has refused the ERP knows nothing, and yet that is answered.
        let answered = try answeredRevision(family: family, subject: status.number)
        status.answeredRevision = max(status.answeredRevision, answered)
        return status
    }
}
