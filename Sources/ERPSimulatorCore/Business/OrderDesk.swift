/// The order rules: one order per store number, newest revision wins, and the same answer to the same question.
struct OrderDesk {
    let masterData: MasterData
    let invoice: Invoice

    /// Enters an order once.
    func create(_ order: IncomingOrder, in books: Books.Page) throws -> Reply {
        let content = JSON.text(order)
        guard let known = try books.order(storeNumber: order.number) else {
            return try enter(order, content, in: books)
        }
        if let reply = settled(known, order, content) { return reply }
        let isFinal = known.order.isFinal
        let problem: Problem = isFinal ? .tooLate(known.order) : .exists(known.order)
        return .problem(problem, effect: isFinal ? .tooLate : .exists)
    }

    /// Restates an order that is there.
    func amend(_ order: IncomingOrder, in books: Books.Page) throws -> Reply {
        let content = JSON.text(order)
        guard let known = try books.order(storeNumber: order.number) else {
            return .problem(.unknownOrder(order.number), effect: .unknown)
        }
        if let reply = settled(known, order, content) { return reply }
        guard !known.order.isFinal else { return .problem(.tooLate(known.order), effect: .tooLate) }
        var standing = known.order
        let account = try account(of: order, in: books)
        if let problem = try check(account, books).problem(order) { return refused(problem, standing) }
        standing.restate(order, charging: try invoice.totals(of: order, in: books))
        Allocation(masterData: masterData).apply(order, of: account, to: &standing)
        return .order(try books.save(standing, content: content, was: known.order), effect: .amended)
    }

    /// Cancels an order; one that never arrived is entered as cancelled, so that it can not come to life later.
    func cancel(_ order: IncomingOrder, in books: Books.Page) throws -> Reply {
        let content = "cancel " + JSON.text(order)
        let reason = StandingOrder.Reason(code: "cancelled.by-store", text: "Cancelled by the buyer.")
        guard let known = try books.order(storeNumber: order.number) else {
            var standing = try blank(order, in: books)
            Allocation(masterData: masterData).apply(order, of: nil, to: &standing)
            standing.cancel(reason)
            return .order(try books.save(standing, content: content, was: nil), status: 201, effect: .tombstoned)
        }
        if let reply = settled(known, order, content) { return reply }
        guard !known.order.isFinal || known.order.state == .cancelled else {
            return .problem(.tooLate(known.order), effect: .tooLate)
        }
        var standing = known.order
        standing.restate(order, charging: try invoice.totals(of: order, in: books))
        standing.cancel(reason)
        return .order(try books.save(standing, content: content, was: known.order), effect: .cancelled)
    }

    /// The answer when the revision alone decides; nil when the order's is news.
    private func settled(_ known: Books.Entry, _ order: IncomingOrder, _ content: String) -> Reply? {
        let revision = known.order.storeRevision ?? 0
        if order.revision < revision {
            return .problem(.superseded(known.order, by: order.revision), effect: .superseded)
        }
        guard order.revision == revision else { return nil }
        guard known.content != content else { return .order(known.order, effect: .repeated) }
        let problem = Problem.rejected(
            "conflict.same-revision", "Revision \(revision) of order \(order.number) stands with other content.",
            status: 409)
        return .problem(problem, effect: .conflict)
    }

    private func enter(_ order: IncomingOrder, _ content: String, in books: Books.Page) throws -> Reply {
        let account = try account(of: order, in: books)
        if let problem = try check(account, books).problem(order) { return refused(problem) }
        var standing = try blank(order, in: books)
        Allocation(masterData: masterData).apply(order, of: account, to: &standing)
        return .order(try books.save(standing, content: content, was: nil), status: 201, effect: .created)
    }

    private func account(of order: IncomingOrder, in books: Books.Page) throws -> MasterData.Standing? {
        guard let account = order.customer.account else { return nil }
        return try books.standing(of: account)
    }

    private func check(_ account: MasterData.Standing?, _ books: Books.Page) -> OrderCheck {
        OrderCheck(masterData: masterData, standing: account, books: books)
    }

    private func blank(_ order: IncomingOrder, in books: Books.Page) throws -> StandingOrder {
        var standing = StandingOrder(
            erpNumber: try books.nextOrderNumber(), storeNumber: order.number, version: 0, state: .received, lines: [],
            shipments: [])
        standing.restate(order, charging: try invoice.totals(of: order, in: books))
        return standing
    }

    /// What stands goes on as it is, whatever became of its change.
    private func refused(_ problem: Problem, _ standing: StandingOrder? = nil) -> Reply {
        var problem = problem
        problem.order = standing
        return .problem(problem, effect: problem.category == .declined ? .declined : .rejected)
    }
}
