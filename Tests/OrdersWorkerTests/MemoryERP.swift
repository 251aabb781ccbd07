import ERP
import Models
import Synchronization

/// An ERP in memory: takes every order at its newest revision, unless the test has another answer ready.
final class MemoryERP: ERP {
    /// What it was asked, in order.
    enum Request: Hashable { case ping, find(String), submit(String), amend(String), cancel(String) }

    private struct State {
        var orders: [String: ERPOrder] = [:]
        var requests: [Request] = []
        var faults: [ERPError] = []
        var losesNextReply = false
    }

    private let state = Mutex(State())

    var requests: [Request] { state.withLock { $0.requests } }
    var orders: [String: ERPOrder] { state.withLock { $0.orders } }

    /// The ERP holds this, whoever told it so.
    func hold(_ order: ERPOrder) { state.withLock { $0.orders[order.storeNumber] = order } }

    /// The next request fails with this, and changes nothing.
    func fail(_ error: ERPError) { state.withLock { $0.faults.append(error) } }

    /// The next write takes effect, but its reply does not arrive.
    func loseNextReply() { state.withLock { $0.losesNextReply = true } }

    func ping() async throws(ERPError) { try note(.ping) }

    func findOrder(number: String) async throws(ERPError) -> ERPOrder? {
        try note(.find(number))
        return orders[number]
    }

    func submit(_ order: Order) async throws(ERPError) -> ERPOrder {
        try enter(order, .submit(order.number), .accepted)
    }

    func amend(_ order: Order) async throws(ERPError) -> ERPOrder { try enter(order, .amend(order.number), .accepted) }

    func cancel(_ order: Order) async throws(ERPError) -> ERPOrder {
        try enter(order, .cancel(order.number), .cancelled)
    }

    func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer {
        throw .unavailable("It has no figures.")
    }

    func warehouses() async throws(ERPError) -> [String] { [] }

    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        ERPChanges(changes: [], cursor: "", hasMore: false)
    }

    private func note(_ request: Request) throws(ERPError) {
        let fault = state.withLock { state in
            state.requests.append(request)
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        if let fault { throw fault }
    }

    private func enter(
        _ order: Order, _ request: Request, _ result: OrderStatus.State
    ) throws(ERPError) -> ERPOrder {
        try note(request)
        let (entered, isLost) = state.withLock { state in
            let known = state.orders[order.number]
            if known == nil || known.map({ $0.storeRevision < order.revision }) == true {
                state.orders[order.number] = Self.entry(order, result, version: (known?.version ?? 0) + 1)
            }
            defer { state.losesNextReply = false }
            return (state.orders[order.number], state.losesNextReply)
        }
        guard !isLost, let entered else { throw .outcomeUnknown("The reply was lost.") }
        return entered
    }

    static func entry(_ order: Order, _ state: OrderStatus.State, version: Int64 = 1) -> ERPOrder {
        ERPOrder(
            erpNumber: "SO-\(order.number)", storeNumber: order.number, storeRevision: order.revision, version: version,
            state: state,
            lines: order.lines.map { line in
                LineStatus(
                    lineID: line.id, sku: line.sku, status: state == .cancelled ? .cancelled : .accepted,
                    quantities: .init(
                        ordered: line.quantity, allocated: line.quantity, shipped: .zero, backordered: .zero))
            }, purchaseOrderNumber: order.purchaseOrderNumber, total: order.totals.total)
    }
}
