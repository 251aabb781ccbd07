internal import Models

/// Which orders go first when many wait: what the ERP may be about to do wrong, what is paid for, what is wanted soon.
struct OrderUrgency {
    /// The higher, the sooner.
    let value: Int

    /// In this order: cancellations; changes of orders that the ERP has; prepaid orders; all others. Among equals, those
    /// wanted within three days go first, the soonest of them, and what is late or due today before all.
    init(_ order: Order, _ type: MessageType, isInERP: Bool, now: Timestamp) {
        value = Self.rank(order, type, isInERP) * (Self.days + 2) + Self.haste(order.requestedDate, now)
    }

    /// So many days ahead a requested date counts.
    private static let days = 3

    private static func rank(_ order: Order, _ type: MessageType, _ isInERP: Bool) -> Int {
        if type == Catalogue.orderCancelled { return 3 }
        if type == Catalogue.orderAmended, isInERP { return 2 }
        if case .prepaid = order.payment { return 1 }
        return 0
    }

    /// 0 for no haste, else the more, the sooner it is wanted.
    private static func haste(_ date: CalendarDate?, _ now: Timestamp) -> Int {
        guard let date else { return 0 }
        let wanted = date.description
        let ahead = (0...days).first { wanted <= day($0, after: now) }
        return ahead.map { days + 1 - $0 } ?? 0
    }

    /// As a calendar date is written, in UTC; texts of that form sort as days do.
    private static func day(_ count: Int, after now: Timestamp) -> String {
        let moment = Timestamp(microseconds: now.microseconds + Int64(count) * 86_400_000_000) ?? now
        return String(moment.description.prefix(10))
    }
}
