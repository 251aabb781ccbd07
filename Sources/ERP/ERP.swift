public import Models

/// What the workers need of an ERP, whichever it is.
///
/// Every order call is idempotent by the *store's* order number, because the ERP itself keeps that number unique:
/// searching before creating would not be enough when two workers race. So after a lost answer a call may be repeated;
/// ``findOrder(number:)`` tells first whether it has to be.
///
/// Newest revision wins on the ERP's side too. A call with a revision older than the one the ERP holds changes
/// nothing and returns the order as it stands: then ``ERPOrder/storeRevision`` is greater than the order's revision.
public protocol ERP: Sendable {
    /// Returns when the ERP is able to take orders.
    func ping() async throws(ERPError)

    /// The order with this store order number, or nil when the ERP is certain that it has none.
    func findOrder(number: String) async throws(ERPError) -> ERPOrder?

    /// Enters an order. One that the ERP holds at an older revision is amended to this one.
    func submit(_ order: Order) async throws(ERPError) -> ERPOrder

    /// Restates an order at a newer revision. One that the ERP does not know yet is entered as it stands.
    func amend(_ order: Order) async throws(ERPError) -> ERPOrder

    /// Cancels an order. One that the ERP does not know yet is remembered as cancelled, so that a submission
    /// arriving late can not bring it to life.
    func cancel(_ order: Order) async throws(ERPError) -> ERPOrder

    /// What the ERP says to a question for figures before an order is placed. It changes nothing and may be asked again.
    ///
    /// Every figure is live. What the ERP can not or will not say stands among the answer's refusals, under the codes that
    /// its answers to orders have (`sku.unknown`, `account.closed`, `credit.hold` …), a price that it does not know under
    /// `price.unknown`; only a failure to answer at all is thrown, and a question that the ERP can not take as it stands.
    func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer

    /// The codes of the warehouses whose stock the ERP keeps, each once: what ``changes(of:in:since:limit:)`` can be asked for.
    func warehouses() async throws(ERPError) -> [String]

    /// What changed in the ERP after a cursor, oldest first; from the very beginning without one. Reading from there to the end
    /// lists everything that there is: a product, stock, prices or an account that two such reads lack counts as deleted.
    ///
    /// `warehouse` narrows ``ERPChangeKind/stock`` to one warehouse, whose cursor is then its own; nil for every other kind. A
    /// cursor is good for the kind and the warehouse that it came from. Each object comes in its latest state, so that one
    /// which changed twice may come once. A change may be reported again, and one may appear behind a cursor that has passed
    /// it already (an ERP's transaction can become visible late): compare the payload's `revision`, ``ERPOrder/version`` of
    /// an online order, which grows with every change of the object, and read again from an older cursor now and then.
    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges
}

extension ERP {
    /// The same for a kind that no warehouse divides, or for all warehouses together.
    public func changes(
        of kind: ERPChangeKind, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        try await changes(of: kind, in: nil, since: cursor, limit: limit)
    }
}
