import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

/// A ledger whose store shows what an ERP in memory has, as feed and workers would have it.
struct ReconcileDesk: Sendable {
    let ledger: Ledger
    let erp: ReconcileERP
    let directory: TemporaryDirectory

    /// Lends a store that shows all that its ERP has, one of each kind and a few more products.
    static func with(_ body: (ReconcileDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await DatabaseStorefront.migrate(ledger)
            let desk = ReconcileDesk(ledger: ledger, erp: ReconcileERP(), directory: directory)
            for change in try ReconcileGoods.all() { try await desk.tell(change) }
            try await body(desk)
            await ledger.close()
        }
    }

    /// The ERP has it, and the store is told.
    func tell(_ change: ERPChange) async throws {
        erp.change(change)
        let object = try ListedObject(DatedChange(change, at: .epoch), shift: 0, at: .epoch)
        let isOrder = object.kind == .onlineOrder
        try await ledger.write { transaction in
            let revision = isOrder ? object.payload.revision : object.revision
            let key = ClaimKey(
                family: change.family, subject: object.subject, revision: revision, hash: object.hash)
            _ = try transaction.claimAndComplete(key, holder: "worker", now: 1)
            try transaction.noteTold(family: change.family, subject: object.subject, revision: object.revision)
            if isOrder { _ = try transaction.nextRevision(family: change.family, subject: object.subject) }
            try DatabaseStorefront().showPayload(object.payload, at: .epoch, in: transaction)
        }
        guard case .order(let order) = change else { return }
        try await handOver(order)
    }

    /// A worker has brought the store's order to the ERP, and its body is kept.
    private func handOver(_ erpOrder: ERPOrder) async throws {
        let order = try ReconcileGoods.order(erpOrder.storeNumber)
        let envelope = Envelope(for: order, as: Catalogue.orderPlaced, source: "urn:test:store", time: .epoch)
        let body = MessageWriter().write(envelope, order)
        let message = try MessageReader().read(body)
        try await ledger.write { transaction in
            _ = try transaction.claimAndComplete(
                message.claimKey, holder: "worker", state: "accepted", reference: erpOrder.erpNumber, now: 1)
            try transaction.storePayload(id: envelope.id, body: body, at: 1)
            try transaction.journal(
                JournalEntry(
                    at: 1, messageID: envelope.id, type: Catalogue.orderPlaced.name, subject: order.number,
                    revision: 1, stage: "applied", code: "ok"))
        }
        try await note(message)
    }

    /// The flow that only looks on takes an order of the store.
    private func note(_ message: Received) async throws {
        let order = try message.content(as: Order.self)
        try await ledger.write { transaction in
            let key = FleetTopology.claimKey(of: message, in: Catalogue.takenOrders)
            guard case .claimed = try transaction.claimAndComplete(key, holder: "worker", now: 2) else { return }
            try DatabaseStorefront().note(order, isCancelled: false, at: message.envelope.time, in: transaction)
        }
    }

    /// The store has taken an order, of which no worker has heard.
    func take(_ number: String) async throws {
        let order = try ReconcileGoods.order(number)
        try await ledger.write { transaction in
            try DatabaseStorefront().note(order, isCancelled: false, at: .epoch, in: transaction)
        }
    }

    /// Something happens to the ledger's file beside the fleet.
    func tamper(_ sql: String) async throws {
        try await ledger.write { _ = try $0.execute(text: sql) }
    }

    /// Compares at once; nothing is on its way.
    /// - Parameter empty: The flows of which the broker says that nothing waits.
    func reconcile(
        empty: Set<String> = Set(FleetTopology.flows), _ change: (inout ReconcileOptions) -> Void = { _ in }
    ) async throws -> ReconcileReport {
        var options = ReconcileOptions()
        options.settle = .zero
        change(&options)
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var run = ReconcileRun(
            erp: erp, real: ledger, folder: folder, options: options, interruption: Interruption())
        run.emptyFlows = { empty }
        return try await run.run()
    }

    /// Compares, and has repaired what can be.
    func repair(only names: Set<String> = []) async throws -> ReconcileReport {
        try await reconcile { options in
            options.repair = .init(note: RepairNote(by: "anna@test", reason: "planted"), rate: 10_000, only: names)
        }
    }

    /// What running workers would do with the outbox. Returns the types in the order in which they were sent.
    func work() async throws -> [String] {
        var types: [String] = []
        while true {
            // Of each object only the oldest message is given out.
            let leased = try await ledger.write {
                try $0.leaseOutbox(
                    limit: 1_000, holder: "flusher", lease: .seconds(10), now: Timestamp.now().microseconds)
            }
            guard !leased.isEmpty else { return types }
            for one in leased { try await work(on: one) }
            types += leased.map(\.message.type)
        }
    }

    private func work(on one: LeasedOutboxMessage) async throws {
        let message = try MessageReader().read(one.message.body)
        if one.message.routingKey == Catalogue.takenOrders {
            try await note(message)
        } else {
            try await apply(message, isRestated: one.message.headers[MessageHeader.restated] == "true")
        }
        try await ledger.write { try $0.markPublished([one.sequence]) }
    }

    private func apply(_ message: Received, isRestated: Bool) async throws {
        let isAgain = try await ledger.write { transaction -> Bool in
            switch try transaction.claimAndComplete(message.claimKey, holder: "worker", now: 2) {
            case .claimed: true
            case .duplicate: isRestated
            default: false
            }
        }
        guard isAgain else { return }
        if let order = message.payload as? Order {
            return try await tell(.order(try ReconcileGoods.erpOrder(order.number, version: 1)))
        }
        try await ledger.write { transaction in
            try DatabaseStorefront().showPayload(message.payload, at: message.envelope.time, in: transaction)
        }
    }
}

extension DatabaseStorefront {
    /// Shows it as its handler does.
    fileprivate func showPayload(
        _ payload: any Payload, at time: Timestamp, in transaction: LedgerTransaction
    ) throws {
        if let shipment = payload as? Shipment { return try show(shipment, at: time, in: transaction) }
        try showAlone(payload, at: time, in: transaction)
    }
}

extension ReconcileReport {
    /// What was found of a stream.
    func part(_ stream: String) -> Part? { parts.first { $0.stream.description == stream } }

    /// What is said of one object.
    func sample(_ subject: String) -> Finding? { parts.flatMap(\.samples).first { $0.subject == subject } }

    /// Whether the last words have these.
    func concludes(_ words: String) -> Bool { conclusion.contains { $0.contains(words) } }
}
