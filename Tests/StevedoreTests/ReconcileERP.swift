import ERP
import Models
import Synchronization

/// An ERP in memory. A cursor is the number of the last change before the page.
final class ReconcileERP: ERP {
    private struct Numbered {
        var number: Int
        var change: DatedChange
    }

    private struct State {
        var changes: [ERPChangeKind: [Numbered]] = [:]
        var last = 0
        var unreadable: [ERPChangeKind: [UnreadableChange]] = [:]
        var longest = 0
        var isAway = false
        var reads = 0
        /// How often an order was asked for by its number.
        var finds = 0
        /// Those that began at the beginning.
        var wholeReads = 0
        var onRead: [Int: @Sendable () async -> Void] = [:]
        var hidden: [String: Int] = [:]
        var warehousesLeftOut = 0

        /// What is listed this time; what is hidden is so for a number of readings.
        mutating func listed(_ kind: ERPChangeKind, isWhole: Bool) -> [Numbered] {
            let all = changes[kind, default: []].filter { hidden[$0.change.what.subject, default: 0] == 0 }
            guard isWhole else { return all }
            for one in changes[kind, default: []] {
                let subject = one.change.what.subject
                if let left = hidden[subject], left > 0 { hidden[subject] = left - 1 }
            }
            return all
        }

        mutating func add(_ what: ERPChange, to kind: ERPChangeKind, at time: Timestamp) {
            last += 1
            changes[kind, default: []].append(Numbered(number: last, change: DatedChange(what, at: time)))
        }
    }

    private let state = Mutex(State())

    /// The most changes that it was asked for at once.
    var longestPage: Int { state.withLock { $0.longest } }

    /// Something changes: what it lists of an object is the last of its changes.
    func change(_ what: ERPChange, at time: Timestamp = .epoch) {
        state.withLock { state in
            state.changes[Self.kind(of: what)]?.removeAll { one in
                one.change.what.subject == what.subject && Self.isAlike(one.change.what, what)
            }
            state.add(what, to: Self.kind(of: what), at: time)
        }
    }

    /// It has products of these numbers that it never had.
    func addProducts(_ numbers: ClosedRange<Int>) throws {
        let products = try numbers.map { ERPChange.product(try ReconcileGoods.product("N-\($0)")) }
        state.withLock { state in
            for product in products { state.add(product, to: .products, at: .epoch) }
        }
    }

    /// It lists the object no more, and knows an order of that number no more.
    func lose(_ subject: String) {
        state.withLock { state in
            for kind in state.changes.keys {
                state.changes[kind]?.removeAll { $0.change.what.subject == subject }
            }
        }
    }

    /// It states the object in a way that cannot be read.
    func garble(_ subject: String?, of kind: ERPChangeKind) {
        if let subject { lose(subject) }
        state.withLock { $0.unreadable[kind, default: []].append(UnreadableChange(key: subject, reason: "torn")) }
    }

    /// It does not answer.
    func goAway() { state.withLock { $0.isAway = true } }

    /// Happens once the first page was asked for.
    func onFirstRead(_ body: @escaping @Sendable () async -> Void) { onRead(1, body) }

    /// Happens when that page, counted from one, has been put together, and is not handed out yet.
    func onRead(_ number: Int, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.onRead[number] = body }
    }

    /// It says something else of the object, and lists it where it was: behind every cursor.
    func rewrite(_ what: ERPChange) {
        state.withLock { state in
            state.changes[Self.kind(of: what)] = state.changes[Self.kind(of: what), default: []].map { one in
                guard one.change.what.subject == what.subject else { return one }
                return Numbered(number: one.number, change: DatedChange(what, at: .epoch))
            }
        }
    }

    /// It leaves the object out of so many readings of everything, and finds an order all the same.
    func hide(_ subject: String, readings: Int = .max) { state.withLock { $0.hidden[subject] = readings } }

    /// How often an order was asked for by its number.
    var finds: Int { state.withLock(\.finds) }

    /// How many readings began at the beginning.
    var wholeReads: Int { state.withLock(\.wholeReads) }

    /// It names no warehouse but the first, once.
    func leaveOutWarehouses() { state.withLock { $0.warehousesLeftOut = 1 } }

    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        let start = cursor.flatMap { Int($0) } ?? 0
        let (all, unreadable, isAway, body) = state.withLock { state in
            state.longest = max(state.longest, limit)
            state.reads += 1
            state.wholeReads += start == 0 ? 1 : 0
            return (
                state.listed(kind, isWhole: start == 0), state.unreadable[kind, default: []], state.isAway,
                state.onRead[state.reads]
            )
        }
        guard !isAway else { throw .unavailable("It is away.", .credentials) }
        let meant = all.filter { $0.number > start && Self.isMeant($0.change.what, warehouse) }
        let page = meant.prefix(limit)
        await body?()
        return ERPChanges(
            changes: page.map(\.change), unreadable: start == 0 ? unreadable : [],
            cursor: String(page.last?.number ?? start), hasMore: page.count < meant.count)
    }

    private static func isMeant(_ change: ERPChange, _ warehouse: String?) -> Bool {
        guard let warehouse, case .stock(let stock) = change else { return true }
        return stock.warehouse == warehouse
    }

    func warehouses() async throws(ERPError) -> [String] {
        let isWhole = state.withLock { state in
            defer { state.warehousesLeftOut = 0 }
            return state.warehousesLeftOut == 0
        }
        return isWhole ? ["EAST", "WEST"] : ["EAST"]
    }

    func findOrder(number: String) async throws(ERPError) -> ERPOrder? {
        state.withLock { state in
            state.finds += 1
            for one in state.changes[.orders, default: []] {
                if case .order(let order) = one.change.what, order.storeNumber == number { return order }
            }
            return nil
        }
    }

    func ping() async throws(ERPError) {}

    func submit(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes nothing.") }

    func amend(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes nothing.") }

    func cancel(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes nothing.") }

    func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer { throw .unavailable("It says nothing.") }

    private static func isAlike(_ one: ERPChange, _ other: ERPChange) -> Bool {
        switch (one, other) {
        case (.offlineOrder, .offlineOrder), (.order, .order): true
        case (.offlineOrder, .order), (.order, .offlineOrder): false
        default: true
        }
    }

    private static func kind(of change: ERPChange) -> ERPChangeKind {
        switch change {
        case .order, .offlineOrder: .orders
        case .product: .products
        case .stock: .stock
        case .prices: .prices
        case .customer: .customers
        case .shipment: .shipments
        }
    }
}
