internal import ERP
internal import Fleet
internal import Ledger
internal import Models

/// Brings an order to the ERP as it stands at its newest revision: `order.placed.v1`, `order.amended.v1` and
/// `order.cancelled.v1`.
///
/// All three restate the whole order, so whichever arrives first creates what the ERP does not know yet. After any reply
/// that may have been lost, the ERP is asked by the store's order number before anything is sent.
struct OrderHandler: CallHandler {
    let erp: any ERP

    let types = [Catalogue.orderPlaced.name, Catalogue.orderAmended.name, Catalogue.orderCancelled.name]

    func call(_ message: Received, context: CallContext) async -> CallAnswer {
        guard let order = message.payload as? Order else {
            return .failure(.unexpectedPayload(message.type.name))
        }
        do throws(ERPError) {
            return .effect(.answered(order, by: try await bring(order, message.type, context)))
        } catch {
            return answer(to: error, for: order)
        }
    }

    private func bring(_ order: Order, _ type: MessageType, _ context: CallContext) async throws(ERPError) -> ERPOrder {
        if context.mayHaveBeenCalled, let known = try await erp.findOrder(number: order.number),
            known.storeRevision >= order.revision
        {
            return known
        }
        switch type {
        case Catalogue.orderCancelled: return try await erp.cancel(order)
        case Catalogue.orderAmended: return try await erp.amend(order)
        default: return try await erp.submit(order)
        }
    }

    /// A business answer becomes an order status; only what a person must mend, or what may work later, is a failure.
    private func answer(to error: ERPError, for order: Order) -> CallAnswer {
        switch error {
        case .slowDown(let delay): .slowDown(after: delay)
        case .declined(let code, let sentence): .effect(.declined(order, code: code, sentence: sentence))
        case .tooLate(let known, let sentence): .effect(.tooLate(order, known: known, sentence: sentence))
        case .rejected(_, _, let faults): .failure(Failure(error, category: .rejected, faults: faults))
        case .unavailable, .outcomeUnknown: .failure(Failure(error, category: .transient))
        }
    }
}

extension Failure {
    init(_ error: ERPError, category: Category, faults: [Fault] = []) {
        self.init(
            code: error.code, category: category, sentence: error.sentence, remedy: error.remedy, faults: faults)
    }

    static func unexpectedPayload(_ type: String) -> Failure {
        Failure(
            code: "unsupported.flow", category: .malformed, sentence: "A message of type \(type) holds no order.",
            remedy: "Check the bindings with `stevedore topology check`.")
    }
}
