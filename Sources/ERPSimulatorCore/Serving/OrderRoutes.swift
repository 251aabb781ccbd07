import FoundationEssentials
import Hummingbird

/// The interface of `openapi.yaml`.
struct OrderRoutes {
    let desk: OrderDesk
    let answer: AuditedAnswer

    func add(to router: Router<SimulatorContext>) {
        router.get("ping") { request, context in
            try answer(request, context) { _ in .json(["status": "ok"], effect: .pinged) }
        }
        router.get("orders/:number") { request, context in
            let number = PercentEncoding.decode(try context.parameters.require("number"))
            return try answer(request, context, number) { try find(number, $0) }
        }
        router.post("orders") { request, context in try await write(request, context, desk.create) }
        router.put("orders/:number") { request, context in try await write(request, context, desk.amend) }
        router.post("orders/:number/cancel") { request, context in try await write(request, context, desk.cancel) }
    }

    private func find(_ number: String, _ page: Books.Page) throws -> Reply {
        guard let entry = try page.order(storeNumber: number) else {
            return .problem(.unknownOrder(number), effect: .unknown)
        }
        return .order(entry.order, effect: .found)
    }

    /// Reads the order, sees that the path means the same one, and does the work.
    private func write(
        _ request: Request, _ context: SimulatorContext, _ work: (IncomingOrder, Books.Page) throws -> Reply
    ) async throws -> Response {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        let number = context.parameters.get("number").map { PercentEncoding.decode($0) }
        let order: IncomingOrder
        do {
            order = try JSON.decode(IncomingOrder.self, buffer.readableBytesView)
        } catch {
            return try answer(request, context, number) { _ in .problem(Self.malformed(error), effect: .rejected) }
        }
        return try answer(request, context, order.number, order.revision) { page in
            guard number == nil || number == order.number else {
                let problem = Problem.rejected("order.number-mismatch", "Path and order disagree.", status: 400)
                return .problem(problem, effect: .rejected)
            }
            return try work(order, page)
        }
    }

    /// What can not be read of a body, and where.
    static func malformed(_ error: any Error) -> Problem {
        let (path, sentence): ([any CodingKey], String) =
            switch error {
            case DecodingError.keyNotFound(let key, let context):
                (context.codingPath + [key], "A required field is missing.")
            case DecodingError.valueNotFound(_, let context): (context.codingPath, "A required field is null.")
            case DecodingError.typeMismatch(_, let context): (context.codingPath, "A field has the wrong type.")
            default: ([], "The body is not JSON.")
            }
        let pointer = path.map { "/" + ($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
        let fault = Problem.Fault(pointer: pointer, rule: "request.malformed", sentence: sentence)
        return .rejected("request.malformed", sentence, status: 400, faults: [fault])
    }
}
