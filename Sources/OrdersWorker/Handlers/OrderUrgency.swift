internal import Fleet
internal import Ledger
internal import Models

extension Urgency {
    /// Which orders go first when many wait: what the ERP may be about to do wrong, what is paid for, what is wanted soon.
    ///
    /// In this order: cancellations; changes of orders that the ERP has; prepaid orders; all others. Among equals what is
    /// wanted sooner goes first.
    init(_ order: Order, _ type: MessageType, isInERP: Bool) {
        self.init(
            rank: Self.rank(order, type, isInERP),
            due: order.requestedDate.flatMap { Timestamp(rfc3339: "\($0)T00:00:00Z") })
    }

    private static func rank(_ order: Order, _ type: MessageType, _ isInERP: Bool) -> Int {
        if type == Catalogue.orderCancelled { return 3 }
        if type == Catalogue.orderAmended, isInERP { return 2 }
        if case .prepaid = order.payment { return 1 }
        return 0
    }
}

extension LedgerSnapshot {
    /// The same of a message, by what the ledger knows of its order.
    func urgency(of message: Received, _ order: Order) throws(LedgerError) -> Urgency {
        let isAmended = message.type == Catalogue.orderAmended
        let known =
            isAmended ? try subjectState(family: message.type.family, subject: message.envelope.subject) : nil
        return Urgency(order, message.type, isInERP: known?.reference != nil)
    }
}
