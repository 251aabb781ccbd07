internal import Fleet
internal import Ledger
internal import Models

extension LedgerSnapshot {
    /// The order of a letter that the store may be told is rejected: it has never come to the ERP, and nobody has
    /// answered it. Nil for everything else: of a change of an order that the ERP goes on with nothing is said, for it
    /// stands as it stood.
    func rejectable(_ letter: Letter) throws -> Order? {
        guard let content = letter.content, let order = content.payload as? Order,
            content.type.family == Catalogue.orderPlaced.family
        else { return nil }
        let family = Catalogue.orderStatus.family
        let state = try subjectState(family: content.type.family, subject: order.number)
        // What was withheld from the ERP is not in it.
        let applied = state?.isWithheld == true ? 0 : state?.revision ?? 0
        let answered = try answeredRevision(family: family, subject: order.number)
        // What the feed has told of it, the ERP has, whatever became of the message.
        let isKnown = try toldRevision(family: family, subject: order.number) > 0
        return applied == 0 && answered < order.revision && !isKnown ? order : nil
    }
}

extension LedgerTransaction {
    /// Has a running worker tell the store that the order of a letter is rejected, where it may be told that.
    func reject(_ letter: Letter, because reason: String, at now: Timestamp) throws {
        guard let order = try rejectable(letter) else { return }
        let type = Catalogue.orderStatus
        try noteAnswered(family: type.family, subject: order.number, revision: order.revision)
        let status = OrderStatus.rejected(
            order, revision: try nextRevision(family: type.family, subject: order.number),
            reason: OrderStatus.Reason(discarding: reason))
        try enqueue(Announcement(status, as: type, at: now))
    }
}

extension OrderStatus.Reason {
    /// Why an order is answered as rejected that a person has given up, in that person's words; `stevedore why` knows
    /// it by its code.
    init(discarding reason: String) { self.init(code: "order.discarded", fitting: reason) }
}
