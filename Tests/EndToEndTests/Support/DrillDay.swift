import Models
import RabbitMQ

/// What a store sends in a day, hour by hour: new orders, of which some are changed three times in the hours after and some
/// are cancelled in the next one.
struct DrillDay {
    /// By hour.
    private(set) var messages: [[OutgoingMessage]]
    /// The last revision of each order.
    private(set) var newest: [String: Int64] = [:]
    private(set) var amended: Set<String> = []
    private(set) var cancelled: Set<String> = []

    init(ordersAnHour: Int, hours: Int = 24) throws {
        messages = Array(repeating: [], count: hours)
        for hour in 0..<hours {
            for index in 0..<ordersAnHour { try place("H\(hour)-\(index)", hour, index) }
        }
    }

    /// Every tenth order is amended, every twentieth cancelled: others than those.
    private mutating func place(_ number: String, _ hour: Int, _ index: Int) throws {
        try send(number, 1, Catalogue.orderPlaced, hour)
        if index % 10 == 1 {
            amended.insert(number)
            for revision in 2...4 { try send(number, Int64(revision), Catalogue.orderAmended, hour + revision - 1) }
        } else if index % 20 == 2 {
            cancelled.insert(number)
            try send(number, 2, Catalogue.orderCancelled, hour + 1)
        }
    }

    /// What would come after the day comes at its end.
    private mutating func send(_ number: String, _ revision: Int64, _ type: MessageType, _ hour: Int) throws {
        newest[number] = revision
        let order = try OrderMessages.order(number, revision: revision, quantity: 1 + revision)
        messages[min(hour, messages.count - 1)].append(OrderMessages.message(order, as: type))
    }
}
