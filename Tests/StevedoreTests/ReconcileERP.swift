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
        var onFirstRead: (@Sendable () async -> Void)?

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
    func onFirstRead(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.onFirstRead = body } }

    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        let start = cursor.flatMap { Int($0) } ?? 0
        let (all, unreadable, isAway, body) = state.withLock { state in
            state.longest = max(state.longest, limit)
            defer { state.onFirstRead = nil }
            return (
                state.changes[kind, default: []], state.unreadable[kind, default: []], state.isAway, state.onFirstRead
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

    func warehouses() async throws(ERPError) -> [String] { ["EAST", "WEST"] }

    func findOrder(number: String) async throws(ERPError) -> ERPOrder? {
        state.withLock { state in
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
