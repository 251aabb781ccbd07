import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Lets each request run into the faults that are switched on, and sees that every one of them is audited: what does no
/// work, because it is refused, lost or unreadable, as well as what does. The control paths are spared.
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
        let (request, trace) = try await read(request, context)
        if let refusal = plan.refusal { return try refuse(trace, refusal) }

        let response = try await run(into: plan.fault, request, trace, context, next)
        if let rule = plan.latencyID {
            await faults.wait(for: rule, until: arrival + plan.latency, on: context.eventLoop)
        }
        return response
    }

    /// Takes the whole body in, and what the audit says of the request from it.
    private func read(_ request: Request, _ context: Context) async throws -> (Request, Trace) {
        var request = request
        do {
            let body = try await request.collectBody(upTo: context.maxUploadSize)
            return (request, Trace(request, body))
        } catch {
            try audit(Trace(request, ByteBuffer()), refusedWith: error)
            throw error
        }
    }

    private func run(
        into fault: FaultRule?, _ request: Request, _ trace: Trace, _ context: Context,
        _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let fault else { return try await work(request, trace, context, next) }
        var (context, trace) = (context, trace)
        context.fault = fault
        trace.fault = fault.kind.rawValue
        let answer = FaultyAnswer(fault, faults, context.eventLoop)
        guard fault.isApplied else {
            try audit(trace, status: 0, effect: .none)
            return await answer.disguise(nil)
        }
        let response = try await work(request, trace, context, next)
        if fault.kind == .duplicate { _ = try await work(request, trace, context, next) }
        return await answer.disguise(response)
    }

    /// The routes audit the work that they do; what never gets to one is audited here.
    private func work(
        _ request: Request, _ trace: Trace, _ context: Context,
        _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            try audit(trace, refusedWith: error)
            throw error
        }
    }

    private func refuse(_ trace: Trace, _ rule: FaultRule) throws -> Response {
        var trace = trace
        trace.fault = rule.kind.rawValue
        let status = rule.status ?? 429
        try audit(trace, status: status, effect: .refused)
        let detail = "There is room for \(rule.limit ?? 0) requests at once."
        var response = Response(status: status, type: "text/plain; charset=utf-8", text: detail)
        if let seconds = rule.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private func audit(_ trace: Trace, refusedWith error: any Error) throws {
        try audit(trace, status: (error as? any HTTPResponseError)?.status.code ?? 500, effect: .refused)
    }

    private func audit(_ trace: Trace, status: Int, effect: Reply.Effect) throws {
        _ = try books.write(trace) { _ in Reply(status: status, body: [], effect: effect) }
    }
}

extension Trace {
    /// What path and body say of themselves, believed or not.
    fileprivate init(_ request: Request, _ body: ByteBuffer) {
        struct Named: Decodable {
            var number: String?
            var revision: Int64?
        }
        let parts = request.uri.path.split(separator: "/")
        let inPath = parts.count >= 2 && parts[0] == "orders" ? PercentEncoding.decode(parts[1]) : nil
        let named = try? JSON.decode(Named.self, body.readableBytesView)
        self.init(
            method: request.method.rawValue, path: request.uri.path, storeNumber: named?.number ?? inPath,
            revision: named?.revision)
    }
}

/// What a request gets to see of a fault.
struct FaultyAnswer {
    private let fault: FaultRule
    private let faults: FaultBoard
    private let eventLoop: any EventLoop

    init(_ fault: FaultRule, _ faults: FaultBoard, _ eventLoop: any EventLoop) {
        self.fault = fault
        self.faults = faults
        self.eventLoop = eventLoop
    }

    /// The answer in place of the real one, which is nil where the work was not done.
    func disguise(_ real: Response?) async -> Response {
        switch fault.kind {
        case .latency, .capacity, .duplicate, .down, .repeatRows, .skipRows, .unreadableRows, .clockBack:
            real ?? cut(nil, .drop)
        case .error: error()
        case .hang: await hang()
        case .hold: await hold(real)
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

    /// Ends early when the fault is cleared or the simulator is asked to stop.
    private func hang() async -> Response {
        await wait(until: .now + .seconds(fault.seconds ?? 600))
        return cut(nil, .drop)
    }

    private func hold(_ real: Response?) async -> Response {
        await wait(until: nil)
        return real ?? cut(nil, .drop)
    }

    private func wait(until deadline: ContinuousClock.Instant?) async {
        guard let rule = fault.id else { return }
        await cancelWhenGracefulShutdown { await faults.wait(for: rule, until: deadline, on: eventLoop) }
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
