import Models

/// What the ERP's objects do not say of the store's orders: how far the store has gone, and what came too late.
struct StoreSide: Sendable {
    /// The last revision that the store has sent of each order; what is missing here was sent once.
    var revisions: [String: Int64] = [:]
    /// When the ERP last refused to change an order.
    private var refusals: [String: Timestamp] = [:]

    init() {}

    /// Asks the ERP's audit which changes it has refused.
    mutating func noteRefusals(of simulator: SimulatorProcess) async throws {
        for entry in try await simulator.requests() where entry.isTooLate {
            guard let number = entry.storeNumber, let at = Timestamp(rfc3339: entry.at) else { continue }
            refusals[number] = at
        }
    }

    /// The reason on an order, and on each of its lines, that has not changed since the ERP refused to; nil for others.
    func refusal(of order: JSONNode) -> JSONNode? {
        guard let number = order["storeNumber"], let refused = refusals[number],
            let changed = order["changedAt"].flatMap({ Timestamp(rfc3339: $0) }), changed <= refused
        else { return nil }
        let what = order["state"] == "cancelled" ? "cancelled" : "shipped, or a part of it"
        return .object([
            "code": .text("order.too-late"), "text": .text("Order \(number) is already \(what)."),
        ])
    }

    /// Which revision the ERP has answered, as the store sees it: a refusal is an answer too.
    func revision(of order: JSONNode) -> String? {
        guard let number = order["storeNumber"], let sent = revisions[number] else { return order["storeRevision"] }
        return String(sent)
    }
}

extension SimulatorAudit.Entry {
    fileprivate var isTooLate: Bool { effect == "too-late" }
}
