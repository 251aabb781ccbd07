import ERP
import Models
import Synchronization

/// An ERP in memory that has products and nothing else. A cursor is the number of products before the page.
final class PagedERP: ERP {
    /// What it was asked for, and when.
    struct Request: Hashable {
        var since: String?
        var limit: Int
        var at: ContinuousClock.Instant
    }

    private struct State {
        var requests: [Request] = []
        var faults: [ERPError] = []
        /// Whether it answers pings while a request fails.
        var isPinged = false
        var wasAway = false
        var unreadable: [UnreadableChange]
        var incomplete: [IncompleteChange]
    }

    private static let cannot = ERPError.unavailable("It has nothing but products.")

    private let products: [Product]
    private let longest: Int
    private let gap: String?
    private let state: Mutex<State>

    /// Products `P-1`, `P-2` and so on. Who asks with the cursor `gap` finds it away; more than `longest` at once make an
    /// answer that is too long; of those with parts left out each page says so, and the first page has the unreadable.
    init(
        count: Int, awayAt gap: String? = nil, longest: Int = .max, unreadable: [UnreadableChange] = [],
        incomplete: [IncompleteChange] = []
    ) {
        self.gap = gap
        self.longest = longest
        state = Mutex(State(unreadable: unreadable, incomplete: incomplete))
        products = (1...count).map { number in
            Product(sku: "P-\(number)", revision: 1, name: "Product \(number)", unit: .one, isActive: true)
        }
    }

    /// What it was asked for changes, in order.
    var requests: [Request] { state.withLock { $0.requests } }

    /// The subjects of all its products, in their order.
    var subjects: [String] { products.map(\.sku) }

    /// The next request fails with this.
    func fail(_ error: ERPError) { state.withLock { $0.faults.append(error) } }

    /// What fails from now on fails though the ERP is there.
    func answerPings() { state.withLock { $0.isPinged = true } }

    /// Somebody has corrected, or deleted, what it had of these.
    func correct(_ keys: Set<String?>) {
        state.withLock { state in
            state.unreadable.removeAll { keys.contains($0.key) }
            state.incomplete.removeAll { keys.contains($0.key) }
        }
    }

    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        try note(Request(since: cursor, limit: limit, at: .now))
        let start = cursor.map { Int($0) ?? -1 } ?? 0
        guard kind == .products, (0...products.count).contains(start) else { throw Self.cannot }
        let page = products.dropFirst(start).prefix(max(limit, 0))
        guard page.count <= longest else { throw .unavailable("The answer is too long.", .length) }
        let end = start + page.count
        let (unreadable, incomplete) = state.withLock { ($0.unreadable, $0.incomplete) }
        return ERPChanges(
            changes: page.map { DatedChange(.product($0)) }, unreadable: start == 0 ? unreadable : [],
            incomplete: incomplete.filter { one in page.contains { $0.sku == one.key } }, cursor: String(end),
            hasMore: end < products.count, remaining: products.count - end)
    }

    private func note(_ request: Request) throws(ERPError) {
        let fault = state.withLock { state in
            state.requests.append(request)
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        state.withLock { $0.wasAway = fault != nil || gap != nil && gap == request.since }
        if let fault { throw fault }
        if let gap, gap == request.since { throw .unavailable("It is away.") }
    }

    /// As the last request found it.
    func ping() async throws(ERPError) {
        if state.withLock({ $0.wasAway && !$0.isPinged }) { throw .unavailable("It is away.") }
    }

    func warehouses() async throws(ERPError) -> [String] { [] }

    func findOrder(number: String) async throws(ERPError) -> ERPOrder? { throw Self.cannot }

    func submit(_ order: Order) async throws(ERPError) -> ERPOrder { throw Self.cannot }

    func amend(_ order: Order) async throws(ERPError) -> ERPOrder { throw Self.cannot }

    func cancel(_ order: Order) async throws(ERPError) -> ERPOrder { throw Self.cannot }

    func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer { throw Self.cannot }
}
