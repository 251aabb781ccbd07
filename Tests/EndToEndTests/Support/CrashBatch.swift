import Fleet
import FleetTesting
import Models
import RabbitMQ

/// The messages of one round, drawn from a seed of its own: how many orders, which are amended or cancelled, what is
/// published twice, and which of them the worker dies with.
struct CrashBatch {
    /// The order that the worker dies with; new in this round.
    let victim: String
    /// The victim's first message.
    let first: (id: String, revision: Int64)
    /// In the order of publishing.
    let messages: [OutgoingMessage]
    /// Every sound order, with the revision it ends at.
    let revisions: [String: Int64]
    /// Those that end cancelled.
    let cancelled: Int
    /// What repeats this round.
    let seed: UInt64

    private typealias Draft = (number: String, message: OutgoingMessage)

    init(_ step: CrashStep, round: Int) throws {
        // An ERP that fails more in a row is taken for one that is away.
        let mostOrders = step.trouble == .failingERP ? 4 : 10
        try self.init(
            name: step.rawValue, index: step.index, round: round, isMalformed: step.trouble == .malformed,
            mostOrders: mostOrders)
    }

    /// - Parameter index: Makes the seeds of different steps differ.
    init(name: String, index: Int, round: Int, isMalformed: Bool = false, mostOrders: Int = 10) throws {
        var random = SeededRandom(round: 1 + index * 1_000 + round)
        seed = random.next()
        random = SeededRandom(seed: seed)
        let numbers = (0..<Int.random(in: 1...mostOrders, using: &random)).map { "\(name)-\(round)-\($0)" }
        let victim = numbers.randomElement(using: &random) ?? numbers[0]
        var drafts: [Draft] = []
        var mine: [Draft] = []
        var revisions: [String: Int64] = [:]
        var cancelled = 0
        for number in numbers {
            if isMalformed, number == victim {
                mine = [(number, try Self.malformed(number))]
                continue
            }
            var messages = [Self.named(OrderMessages.message(try OrderMessages.order(number), id: number), number)]
            revisions[number] = 1
            if Int.random(in: 0..<3, using: &random) == 0 {
                let isCancelled = Bool.random(using: &random)
                messages.append(
                    OrderMessages.message(
                        try OrderMessages.order(number, revision: 2, quantity: isCancelled ? 2 : 3),
                        as: isCancelled ? Catalogue.orderCancelled : Catalogue.orderAmended))
                revisions[number] = 2
                cancelled += isCancelled ? 1 : 0
            }
            messages += messages.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            if number == victim {
                mine = messages.map { (number, $0) }
            } else {
                drafts += messages.map { (number, $0) }
            }
        }
        drafts.shuffle(using: &random)
        // The victim's own keep their order, so that it is known what there is of it when the worker dies.
        var place = 0
        for message in mine {
            place = Int.random(in: place...drafts.count, using: &random)
            drafts.insert(message, at: place)
            place += 1
        }
        self.victim = victim
        self.revisions = revisions
        self.cancelled = cancelled
        messages = drafts.map(\.message)
        first = (mine.first?.message.properties.messageID ?? "", 1)
    }

    private static func malformed(_ number: String) throws -> OutgoingMessage {
        var message = OrderMessages.message(try OrderMessages.order(number), id: number)
        message.body = message.replacing("\"quantity\":\"2\"", "\"quantity\":\"1,5\"")
        return named(message, number)
    }

    /// Before a body is read, a message is known by what is written outside.
    private static func named(_ message: OutgoingMessage, _ subject: String) -> OutgoingMessage {
        var message = message
        message.properties.headers["cloudEvents_subject"] = .string(subject)
        return message
    }
}
