public import HTTPClient
public import Models

/// The ERP behind the interface of `openapi.yaml`.
public struct RESTAdapter: ERP {
    let exchange: RESTExchange

    /// An adapter over a client that it may share with others.
    public init(_ configuration: RESTConfiguration, client: HTTPClient) {
        exchange = RESTExchange(configuration: configuration, client: client)
    }

    /// Asks for `/ping` and believes only the ERP's own answer.
    public func ping() async throws(ERPError) {
        switch try await exchange.read("/ping", as: WirePing.self) {
        case .success(let ping) where ping.status == "ok": return
        case .success(let ping):
            throw .unavailable("The ERP says that it is \"\(WireText.free(ping.status, atMost: 80))\".")
        case .problem(let problem): throw problem.unexpected(isWrite: false)
        }
    }

    /// Asks by store order number. Only the ERP's own "unknown order" is an absence; any other 404 is a fault.
    public func findOrder(number: String) async throws(ERPError) -> ERPOrder? {
        switch try await exchange.read(Self.path(number), as: WireERPOrder.self) {
        case .success(let wire): return try Self.order(wire, number: number, isWrite: false)
        case .problem(let problem) where problem.category == .unknown: return nil
        case .problem(let problem): throw problem.unexpected(isWrite: false)
        }
    }

    /// Creates the order, or amends the older revision that is there.
    public func submit(_ order: Order) async throws(ERPError) -> ERPOrder {
        try await enter(order, first: .create)
    }

    /// Amends the order, or creates it when the ERP has none.
    public func amend(_ order: Order) async throws(ERPError) -> ERPOrder {
        try await enter(order, first: .amend)
    }

    /// Cancels the order, or leaves a cancelled one when the ERP has none.
    public func cancel(_ order: Order) async throws(ERPError) -> ERPOrder {
        let answer = try await write(.cancel, order)
        guard case .order(let standing) = answer else {
            throw .outcomeUnknown("The ERP's answer to the cancellation of order \(order.number) makes no sense.")
        }
        return standing
    }
}

extension RESTAdapter {
    private enum Write {
        case create, amend, cancel
    }

    /// What the ERP made of a write, as far as the next step depends on it.
    private enum WriteAnswer {
        case order(ERPOrder)
        /// There is one already, at an older revision: amend it.
        case existsOlder
        /// There is none to amend: create it.
        case unknown
    }

    /// Create and amend lead to each other when somebody else was quicker; three steps settle every such race.
    private func enter(_ order: Order, first: Write) async throws(ERPError) -> ERPOrder {
        var step = first
        for _ in 1...3 {
            switch try await write(step, order) {
            case .order(let standing): return standing
            case .existsOlder: step = .amend
            case .unknown: step = .create
            }
        }
        throw .outcomeUnknown("Order \(order.number) keeps appearing and disappearing in the ERP.")
    }

    private func write(_ write: Write, _ order: Order) async throws(ERPError) -> WriteAnswer {
        let path = Self.path(order.number)
        let body = WireOrder.body(order)
        let answer =
            switch write {
            case .create: try await exchange.write(.post, "/orders", body, as: WireERPOrder.self)
            case .amend: try await exchange.write(.put, path, body, as: WireERPOrder.self)
            case .cancel: try await exchange.write(.post, path + "/cancel", body, as: WireERPOrder.self)
            }
        switch answer {
        case .success(let wire):
            let standing = try Self.order(wire, number: order.number, isWrite: true)
            guard standing.storeRevision == order.revision else {
                throw .outcomeUnknown("The ERP confirmed another revision of order \(order.number) than it was sent.")
            }
            return .order(standing)
        case .problem(let problem):
            return try Self.judge(problem, order)
        }
    }

    private static func judge(_ problem: WireProblem, _ order: Order) throws(ERPError) -> WriteAnswer {
        switch problem.category {
        case .exists: return .existsOlder
        case .unknown: return .unknown
        case .superseded: return .order(try standing(in: problem, order))
        case .tooLate: throw .tooLate(try standing(in: problem, order), problem.sentence)
        case .declined:
            let standing = problem.order == nil ? nil : try standing(in: problem, order)
            throw .declined(code: problem.stableCode, sentence: problem.sentence, order: standing)
        case .rejected:
            throw .rejected(code: problem.stableCode, sentence: problem.sentence, faults: problem.values())
        }
    }

    private static func standing(in problem: WireProblem, _ order: Order) throws(ERPError) -> ERPOrder {
        guard let part = problem.order else { throw problem.unexpected(isWrite: true) }
        do throws(WireFault) {
            return try self.order(try part.result.get(), number: order.number)
        } catch {
            throw .unreadable("its order is wrong: \(error)", isWrite: true)
        }
    }

    private static func order(
        _ wire: WireERPOrder, number: String, isWrite: Bool
    ) throws(ERPError) -> ERPOrder {
        do throws(WireFault) {
            return try order(wire, number: number)
        } catch {
            throw .unreadable(error.description, isWrite: isWrite)
        }
    }

    /// The number echo: an answer about another order is no answer.
    private static func order(_ wire: WireERPOrder, number: String) throws(WireFault) -> ERPOrder {
        let order = try wire.value()
        guard order.storeNumber == number else {
            throw WireFault("storeNumber", "is \(order.storeNumber), not \(number)")
        }
        return order
    }

    private static func path(_ number: String) -> String {
        "/orders/\(PercentEncoding.encode(number))"
    }
}
