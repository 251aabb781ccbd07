/// How much of everything is due at a time of the virtual clock, and how much of it has been sent.
struct Traffic: Hashable, Sendable {
    /// What to send next; never so much that it takes long.
    struct Due: Hashable, Sendable {
        var orders = 0
        var stock = 0
        var questions = 0

        var isNothing: Bool { self == Due() }
    }

    private let plan: RehearsalPlan
    /// When it began, on the virtual clock.
    private let start: Double
    private(set) var orders = 0
    private var stock = 0
    private var questions = 0
    private static let batch = 500

    init(_ plan: RehearsalPlan, from start: Double = 0) { (self.plan, self.start) = (plan, start) }

    /// - Parameter most: No more orders than this come, ever.
    func due(at time: Double, most: Int = .max) -> Due {
        let hours = max(0, time - start) / 3_600
        func left(_ perHour: Double, _ sent: Int) -> Int {
            min(Self.batch, max(0, Int(min(hours * perHour, 1e15)) - sent))
        }
        return Due(
            orders: min(left(plan.ordersPerHour, orders), max(0, most - orders)), stock: left(plan.stockPerHour, stock),
            questions: left(plan.quotesPerHour, questions))
    }

    mutating func sent(_ due: Due) {
        orders += due.orders
        stock += due.stock
        questions += due.questions
    }
}

/// What is killed during the outage, and when: evenly spread over its orders, the broker in the middle.
struct Mishaps: Sendable {
    enum Kind: Hashable, Sendable { case worker, broker }

    private var left: [(after: Int, kind: Kind)]

    init(_ plan: RehearsalPlan) {
        let kills = (0..<plan.kills).map { number in
            (after: plan.orders * (number + 1) / (plan.kills + 1), kind: Kind.worker)
        }
        let broker = plan.restartsBroker ? [(after: plan.orders / 2, kind: Kind.broker)] : []
        left = (kills + broker).sorted { $0.after < $1.after }
    }

    /// What is due when so many orders have been sent; each once.
    mutating func next(after orders: Int) -> Kind? {
        guard let first = left.first, orders >= first.after else { return nil }
        return left.removeFirst().kind
    }
}
