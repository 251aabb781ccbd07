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

    /// What changed in the ERP after a cursor, oldest first; from the very beginning without one.
    ///
    /// A change may be reported again; compare ``ERPOrder/version``.
    func changes(of kind: ERPChangeKind, since cursor: String?, limit: Int) async throws(ERPError) -> ERPChanges
}
