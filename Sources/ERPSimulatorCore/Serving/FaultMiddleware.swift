import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Lets each request run into the faults that are switched on. The control paths are spared.
///
/// The work is done when the request arrives; the latency is how long the answer is held back, so that answers leave
/// exactly when they should, whatever the work cost.
struct FaultMiddleware: RouterMiddleware {
    typealias Context = SimulatorContext

    let faults: FaultBoard
    let books: Books

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !request.uri.path.hasPrefix("/_simulator") else { return try await next(request, context) }
        let arrival = ContinuousClock.now
        let plan = faults.plan(method: request.method.rawValue, path: request.uri.path)
        defer { faults.leave(plan) }
        if let refusal = plan.refusal { return try refuse(request, refusal) }

        var request = request
        _ = try await request.collectBody(upTo: context.maxUploadSize)
        let response = try await run(into: plan.fault, request, context, next)
        try await Clock.sleep(until: arrival + plan.latency, on: context.eventLoop)
        return response
    }

    private func run(
        into fault: FaultRule?, _ request: Request, _ context: Context,
        _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let fault else { return try await next(request, context) }
        var context = context
        context.fault = fault.kind.rawValue
        guard fault.isApplied else {
            try audit(request, fault, effect: .none, status: 0)
            return await FaultyAnswer(fault).disguise(nil)
        }
        let response = try await next(request, context)
        if fault.kind == .duplicate { _ = try await next(request, context) }
        return await FaultyAnswer(fault).disguise(response)
    }

    private func refuse(_ request: Request, _ rule: FaultRule) throws -> Response {
        let status = rule.status ?? 429
        try audit(request, rule, effect: .refused, status: status)
        let detail = "There is room for \(rule.limit ?? 0) requests at once."
        var response = Response(status: status, type: "text/plain; charset=utf-8", text: detail)
        if let seconds = rule.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private func audit(_ request: Request, _ fault: FaultRule, effect: Reply.Effect, status: Int) throws {
        let trace = Trace(method: request.method.rawValue, path: request.uri.path, fault: fault.kind.rawValue)
        _ = try books.write(trace) { _ in Reply(status: status, body: [], effect: effect) }
    }
}

/// What a request gets to see of a fault.
struct FaultyAnswer {
    private let fault: FaultRule

    init(_ fault: FaultRule) {
        self.fault = fault
    }

    /// The answer in place of the real one, which is nil where the work was not done.
    func disguise(_ real: Response?) async -> Response {
        switch fault.kind {
        case .latency, .capacity, .duplicate, .down: real ?? cut(nil, .drop)
        case .error: error()
        case .hang: await hang()
        case .dropReply, .reset: cut(real, .drop)
        case .truncated: cut(real, .half)
        case .cutOff: cut(real, .broken)
        case .html: Response(status: 200, type: "text/html; charset=utf-8", text: Self.page)
        case .empty: Response(status: 200, headers: [.contentType: "application/json"])
        case .errorBody: Response(status: 200, type: "application/json", text: Self.errorText)
        }
    }

    private func error() -> Response {
        var response = Response(status: fault.status ?? 500, type: "text/plain", text: "Internal error\n")
        if let seconds = fault.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    /// Ends early when the simulator is asked to stop.
    private func hang() async -> Response {
        _ = try? await cancelWhenGracefulShutdown {
            try await Task.sleep(for: .seconds(fault.seconds ?? 600))
        }
        return cut(nil, .drop)
    }

    private func cut(_ real: Response?, _ cut: Cut) -> Response {
        var response = real ?? Response(status: 200, type: "application/json", text: Self.orderText)
        response.headers[.simulatorCut] = cut.rawValue
        return response
    }

    private static let page = """
        <!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/login" method="post">
        <input name="user"><input name="password" type="password"></form></body></html>
        """
    private static let errorText = #"{"error":{"code":"DB-60","message":"deadlock detected while waiting"}}"#
    private static let orderText = #"{"erpNumber":"SO000000","storeNumber":"0","storeRevision":1,"version":1}"#
}
