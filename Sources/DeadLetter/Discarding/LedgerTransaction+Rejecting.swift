internal import Fleet
internal import Ledger
internal import Models

extension LedgerTransaction {
    /// Has a running worker tell the store that an order is rejected, when the letter is of one that has never come to the
    /// ERP. Of a change of an order that the ERP goes on with nothing is said: it stands as it stood.
    func reject(_ letter: Letter, because reason: String, at now: Timestamp) throws {
        guard let content = letter.content, let order = content.payload as? Order,
            content.type.family == Catalogue.orderPlaced.family
        else { return }
        let type = Catalogue.orderStatus
        let applied = try subjectState(family: content.type.family, subject: order.number)?.revision ?? 0
        let answered = try answeredRevision(family: type.family, subject: order.number)
        // What the feed has told of it, the ERP has, whatever became of the message.
        let isKnown = try toldRevision(family: type.family, subject: order.number) > 0
        guard applied == 0, answered < order.revision, !isKnown else { return }
        try noteAnswered(family: type.family, subject: order.number, revision: order.revision)
        let status = OrderStatus.rejected(
            order, revision: try nextRevision(family: type.family, subject: order.number),
            reason: OrderStatus.Reason(code: "order.discarded", fitting: reason))
        try enqueue(Announcement(status, as: type, at: now))
    }
}
