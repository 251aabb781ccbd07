internal import ERP
internal import Fleet
internal import Ledger
internal import Models

/// Brings an order to the ERP as it stands at its newest revision: `order.placed.v1`, `order.amended.v1` and
/// `order.cancelled.v1`.
///
/// All three restate the whole order, so whichever arrives first creates what the ERP does not know yet. After any reply
/// that may have been lost, the ERP is asked by the store's order number before anything is sent. What it has counts as
/// the answer only when it is this very content: another content of the same revision may have been on its way. What the
/// store has overtaken by then is not sent at all (``ruling(on:known:in:)``).
struct OrderHandler: CallHandler {
    let erp: any ERP
    /// Whether an order that is cancelled before the ERP has heard of it is kept from it.
    var withholdsCancelled = true

    let types = [Catalogue.orderPlaced.name, Catalogue.orderAmended.name, Catalogue.orderCancelled.name]

    func call(_ message: Received, context: CallContext) async -> CallAnswer {
        let order: Order
        do throws(Failure) {
            order = try message.content(as: Order.self)
        } catch {
            return .failure(error)
        }
        do throws(ERPError) {
            return .effect(try await settle(order, message.type, context).endingWord(of: message))
        } catch {
            return answer(to: error)
        }
    }

    /// Brings the order to the ERP. A business answer is an effect too: it becomes an order status.
    private func settle(_ order: Order, _ type: MessageType, _ context: CallContext) async throws(ERPError) -> Effect {
        let asked = Timestamp.now()
        do throws(ERPError) {
            var known = try await bring(order, type, context)
            // Stock of a later time than that has what the ERP has taken from it for the order.
            known.changedAt = known.changedAt ?? asked
            return .answered(order, by: known)
        } catch {
            let reason = OrderStatus.Reason(code: error.code, text: error.sentence)
            switch error {
            case .tooLate(let known, _): return .standing(order, known: known, reason)
            case .declined(_, _, let known): return try await settle(declined: order, known, reason)
            default: throw error
            }
        }
    }

    /// What is declined may be a change of an order that the ERP goes on with: only one it does not have is rejected.
    private func settle(
        declined order: Order, _ known: ERPOrder?, _ reason: OrderStatus.Reason
    ) async throws(ERPError) -> Effect {
        var known = known
        if known == nil { known = try await erp.findOrder(number: order.number) }
        guard let known else { return .declined(order, reason) }
        guard known.storeRevision < order.revision else { return .answered(order, by: known) }
        return .standing(order, known: known, reason)
    }

    private func bring(_ order: Order, _ type: MessageType, _ context: CallContext) async throws(ERPError) -> ERPOrder {
        let isCancelled = type == Catalogue.orderCancelled
        if context.mayHaveBeenCalled, let known = try await erp.findOrder(number: order.number),
            known.storeRevision > order.revision || known.restates(order, cancelled: isCancelled)
        {
            return known
        }
        switch type {
        case Catalogue.orderCancelled: return try await erp.cancel(order)
        // One that the ERP has not got, since this message went in the place of those before it, is entered at once.
        case Catalogue.orderAmended where !context.isNew: return try await erp.amend(order)
        default: return try await erp.submit(order)
        }
    }

    /// Only what a person must mend, or what may work later, is a failure.
    private func answer(to error: ERPError) -> CallAnswer {
        switch error {
        case .slowDown(let delay): .slowDown(after: delay)
        case .rejected(_, _, let faults): .failure(Failure(error, category: .rejected, faults: faults))
        case .unavailable, .outcomeUnknown, .declined, .tooLate: .failure(Failure(error, category: .transient))
        }
    }
}

extension Failure {
    init(_ error: ERPError, category: Category, faults: [Fault] = []) {
        self.init(
            code: error.code, category: category, sentence: error.sentence, remedy: error.remedy, faults: faults)
    }
}
