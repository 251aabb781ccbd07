import ERP
import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import OrdersWorker

@Suite struct OrderHandlerTests {
    private let erp = MemoryERP()

    private func order(revision: Int64 = 1) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        order.revision = revision
        return order
    }

    private func call(
        _ type: MessageType = Catalogue.orderPlaced, revision: Int64 = 1, to erp: MemoryERP? = nil,
        mayHaveBeenCalled: Bool = false
    ) async throws -> CallAnswer {
        let order = try order(revision: revision)
        let message = Received(
            envelope: Envelope(for: order, as: type, source: "urn:test", time: .now()), type: type, payload: order,
            contentHash: ContentHash(high: 1, low: 2))
        return await OrderHandler(erp: erp ?? self.erp).call(
            message, context: CallContext(attempt: 1, mayHaveBeenCalled: mayHaveBeenCalled))
    }

    /// The status that an answer leaves for the store, and what it leaves in the ledger.
    private func status(of answer: CallAnswer) async throws -> (OrderStatus, Effect, aliases: [String]) {
        guard case .effect(let effect) = answer else { throw NoEffect(answer: "\(answer)") }
        return try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            let followUps = try await ledger.write { try effect.record($0) }
            let aliases = try await ledger.read {
                try $0.query(text: "SELECT kind || ' ' || value FROM alias ORDER BY kind") { $0.text(0) }
            }
            await ledger.close()
            #expect(followUps.map(\.type) == [Catalogue.orderStatus])
            return (try #require(followUps.first?.payload as? OrderStatus), effect, aliases)
        }
    }

    private struct NoEffect: Error { let answer: String }

    private func failure(of answer: CallAnswer) throws -> Failure {
        guard case .failure(let failure) = answer else { throw NoEffect(answer: "\(answer)") }
        return failure
    }

    @Test("a placed order is submitted, an amended one amended, a cancelled one cancelled")
    func calls() async throws {
        _ = try await call()
        _ = try await call(Catalogue.orderAmended, revision: 2)
        _ = try await call(Catalogue.orderCancelled, revision: 3)
        #expect(erp.requests == [.submit("W-1001"), .amend("W-1001"), .cancel("W-1001")])
        #expect(erp.orders["W-1001"]?.state == .cancelled)
    }

    @Test("what the ERP accepted becomes a status for the store, with the names that lead to the order")
    func accepted() async throws {
        let (status, effect, aliases) = try await status(of: try await call())
        #expect(effect.state == "accepted" && effect.reference == "SO-W-1001")
        #expect(status.revision == 1 && status.answeredRevision == 1 && status.erpNumber == "SO-W-1001")
        #expect(status.lines.map(\.status) == [.accepted, .accepted])
        #expect(
            aliases == [
                "account C-2044", "email ana.ruiz@northwind.example", "erp-number SO-W-1001", "po-number PO-77120",
            ])
    }

    @Test("after a reply that may have been lost it looks before it creates, and creates nothing twice")
    func lostReply() async throws {
        erp.loseNextReply()
        #expect(try failure(of: try await call()).code == "erp.outcome-unknown")
        let (status, _, _) = try await status(of: try await call(mayHaveBeenCalled: true))
        #expect(status.erpNumber == "SO-W-1001")
        #expect(erp.requests == [.submit("W-1001"), .find("W-1001")])
    }

    @Test("when the lost call never arrived, it is made after looking")
    func neverArrived() async throws {
        _ = try await call(mayHaveBeenCalled: true)
        #expect(erp.requests == [.find("W-1001"), .submit("W-1001")])
    }

    @Test("an older revision in the ERP is not taken for the answer")
    func olderKnown() async throws {
        _ = try await call()
        let (status, _, _) = try await status(
            of: try await call(Catalogue.orderAmended, revision: 2, mayHaveBeenCalled: true))
        #expect(status.answeredRevision == 2)
        #expect(erp.requests == [.submit("W-1001"), .find("W-1001"), .amend("W-1001")])
    }

    @Test("a revision that the ERP has overtaken is answered with the order as it stands")
    func overtaken() async throws {
        _ = try await call(Catalogue.orderCancelled, revision: 3)
        let (status, _, _) = try await status(of: try await call(revision: 1))
        #expect(status.state == .cancelled && status.answeredRevision == 3)
    }

    @Test("a full ERP is no failure and no attempt")
    func slowDown() async throws {
        erp.fail(.slowDown(retryAfter: .seconds(7)))
        guard case .slowDown(.seconds(7)?) = try await call() else {
            Issue.record("not slowed down")
            return
        }
    }

    @Test("an order that a person must mend is a rejection with its faults")
    func rejected() async throws {
        let fault = Fault(pointer: "/data/lines/0/sku", rule: "known", value: "X", sentence: "SKU X is unknown")
        erp.fail(.rejected(code: "erp.unknown-sku", sentence: "SKU X is unknown.", faults: [fault]))
        let failure = try failure(of: try await call())
        #expect(failure.category == .rejected)
        #expect(failure.code == "erp.unknown-sku")
        #expect(failure.faults == [fault])
    }

    @Test(
        "what may work later is transient",
        arguments: [ERPError.unavailable("The ERP is down."), .outcomeUnknown("The reply was lost.")])
    func transient(error: ERPError) async throws {
        erp.fail(error)
        let failure = try failure(of: try await call())
        #expect(failure.category == .transient)
        #expect(failure.code == error.code && failure.sentence == error.sentence && failure.remedy == error.remedy)
    }

    @Test("the ERP's final no reaches the store as a rejected order, every line of it")
    func declined() async throws {
        erp.fail(.declined(code: "account.closed", sentence: "The account is closed."))
        let (status, effect, aliases) = try await status(of: try await call())
        #expect(effect.state == "rejected" && effect.reference == nil)
        #expect(status.state == .rejected && status.erpNumber == nil && status.answeredRevision == 1)
        #expect(status.reason == .init(code: "account.closed", text: "The account is closed."))
        let order = try order()
        #expect(status.lines.map(\.lineID) == order.lines.map(\.id))
        #expect(status.lines.allSatisfy { $0.status == .rejected && $0.quantities.allocated == .zero })
        #expect(status.lines.map(\.quantities.ordered) == order.lines.map(\.quantity))
        #expect(aliases.contains("po-number PO-77120"))
    }

    @Test("a change that comes too late leaves the order as it stands, and says so on every line")
    func tooLate() async throws {
        let known = MemoryERP.entry(try order(), .shipped)
        erp.fail(.tooLate(known, "The order has been shipped."))
        let (status, effect, aliases) = try await status(of: try await call(Catalogue.orderAmended, revision: 2))
        #expect(effect.state == "shipped" && effect.reference == "SO-W-1001")
        #expect(aliases.contains("po-number PO-77120") && aliases.contains("erp-number SO-W-1001"))
        #expect(status.state == .shipped && status.answeredRevision == 2)
        #expect(status.lines.count == known.lines.count)
        #expect(status.lines.allSatisfy { $0.status == .tooLateToAmend && $0.reason?.code == "order.too-late" })
    }

    @Test("a declined change leaves the order as it stands, and says why on every line", arguments: [true, false])
    func declinedChange(isSaid: Bool) async throws {
        _ = try await call()
        let known = try #require(erp.orders["W-1001"])
        erp.fail(
            .declined(code: "terms.prepay-only", sentence: "Prepayment only.", order: isSaid ? known : nil))
        let answer = try await call(Catalogue.orderAmended, revision: 2)
        let (status, effect, aliases) = try await status(of: answer)
        #expect(effect.state == "accepted" && effect.reference == "SO-W-1001")
        #expect(status.state == .accepted && status.erpNumber == "SO-W-1001" && status.answeredRevision == 2)
        let reason = OrderStatus.Reason(code: "terms.prepay-only", text: "Prepayment only.")
        #expect(status.reason == reason && status.lines.allSatisfy { $0.reason == reason })
        #expect(status.lines.map(\.status) == [.tooLateToAmend, .tooLateToAmend])
        #expect(status.lines.map(\.quantities) == known.lines.map(\.quantities))
        #expect(aliases.contains("erp-number SO-W-1001") && aliases.contains("po-number PO-77120"))
        #expect(erp.requests.dropFirst(2) == (isSaid ? [] : [.find("W-1001")]))
    }

    @Test("as long as it is not known whether the ERP has the order, a declined one is not called rejected")
    func declinedUnknown() async throws {
        erp.fail(.declined(code: "account.closed", sentence: "Closed."))
        erp.fail(.unavailable("The ERP is down."))
        let failure = try failure(of: try await call(Catalogue.orderAmended, revision: 2))
        #expect(failure.category == .transient && failure.code == "erp.unavailable")
    }

    @Test("what the ERP has at this revision counts only when it is this content; else the ERP is told, and judges")
    func otherContent() async throws {
        let order = try order()
        var other = order
        other.lines[0].quantity = try #require(ExactDecimal("9"))
        var (amount, number) = (order, order)
        amount.totals.total = try #require(ExactDecimal("1.00"))
        number.purchaseOrderNumber = "PO-OTHER"
        for content in [other, amount, number] {
            let erp = MemoryERP()
            erp.hold(MemoryERP.entry(content, .accepted))
            _ = try await call(to: erp, mayHaveBeenCalled: true)
            #expect(erp.requests == [.find("W-1001"), .submit("W-1001")])
        }
        erp.hold(MemoryERP.entry(order, .accepted))
        _ = try await call(mayHaveBeenCalled: true)
        #expect(erp.requests == [.find("W-1001")])
    }

    @Test("an order that stands at the cancellation's revision is not taken for a cancelled one")
    func notCancelled() async throws {
        erp.hold(MemoryERP.entry(try order(revision: 3), .accepted))
        _ = try await call(Catalogue.orderCancelled, revision: 3, mayHaveBeenCalled: true)
        #expect(erp.requests == [.find("W-1001"), .cancel("W-1001")])
    }

    @Test("an ERP that says nothing of what it was told is told again, which changes nothing")
    func silentERP() async throws {
        var known = MemoryERP.entry(try order(), .accepted)
        (known.purchaseOrderNumber, known.total) = (nil, nil)
        erp.hold(known)
        _ = try await call(mayHaveBeenCalled: true)
        #expect(erp.requests == [.find("W-1001"), .submit("W-1001")])
    }

    @Test("statuses of one order have growing revisions of their own")
    func revisions() async throws {
        guard case .effect(let first) = try await call(),
            case .effect(let second) = try await call(Catalogue.orderAmended, revision: 2)
        else { throw NoEffect(answer: "no effect") }
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            let revisions = try await ledger.write { transaction in
                try [first, second].flatMap { try $0.record(transaction) }.map(\.payload.revision)
            }
            await ledger.close()
            #expect(revisions == [1, 2])
        }
    }

    @Test(
        "an answer is left to the feed only when the feed has told that very answer, or a newer state",
        arguments: [
            (told: 0, fed: 0, answering: 0, isLeft: false), (told: 1, fed: 0, answering: 0, isLeft: false),
            (told: 1, fed: 1, answering: 1, isLeft: true), (told: 1, fed: 1, answering: 0, isLeft: false),
            (told: 2, fed: 2, answering: 1, isLeft: true),
        ])
    func quickerFeed(told: Int64, fed: Int64, answering: Int64, isLeft: Bool) async throws {
        guard case .effect(let effect) = try await call() else { throw NoEffect(answer: "no effect") }
        #expect(erp.orders["W-1001"]?.version == 1)
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            let followUps = try await ledger.write { transaction in
                let family = Catalogue.orderStatus.family
                if told > 0 { try transaction.noteTold(family: family, subject: "W-1001", revision: told) }
                if fed > 0 {
                    try transaction.noteFed(
                        family: family, subject: "W-1001", revision: fed, answering: answering)
                }
                return try effect.record(transaction)
            }
            await ledger.close()
            #expect(followUps.isEmpty == isLeft)
        }
    }

    @Test("a message that holds no order is malformed")
    func noOrder() async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderStatus).first)
        let message = try MessageReader().read(Array(example.text.utf8))
        let answer = await OrderHandler(erp: erp).call(
            message, context: CallContext(attempt: 1, mayHaveBeenCalled: false))
        #expect(try failure(of: answer).category == .malformed)
        #expect(erp.requests.isEmpty)
    }

    @Test("each order type has its handler")
    func types() {
        let types = Set(OrderHandler(erp: erp).types)
        #expect(types == Set(Catalogue.types.filter { $0.queue == "orders.to-erp" }.map(\.name)))
    }
}

@Suite struct ERPReachabilityTests {
    @Test("an ERP that answers is there, also when it is full")
    func reachable() async {
        let erp = MemoryERP()
        #expect(await ERPReachability(erp: erp).isReachable())
        erp.fail(.slowDown(retryAfter: nil))
        #expect(await ERPReachability(erp: erp).isReachable())
    }

    @Test(
        "an ERP that does not answer, or not sensibly, is not there",
        arguments: [ERPError.unavailable("down"), .outcomeUnknown("?")])
    func unreachable(error: ERPError) async {
        let erp = MemoryERP()
        erp.fail(error)
        #expect(await ERPReachability(erp: erp).isReachable() == false)
    }
}
