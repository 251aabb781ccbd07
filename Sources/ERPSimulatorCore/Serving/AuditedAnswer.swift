import Hummingbird

/// Answers what comes through the interface: only whoever has the key, and never without an entry in the audit.
struct AuditedAnswer {
    let books: Books
    let apiKey: String?

    /// Does the work and its audit in one transaction.
    func callAsFunction(
        _ request: Request, _ context: SimulatorContext, _ number: String? = nil, _ revision: Int64? = nil,
        _ work: (Books.Page) throws -> Reply
    ) throws -> Response {
        let trace = Trace(
            method: request.method.rawValue, path: request.uri.path, storeNumber: number, revision: revision,
            fault: context.fault?.kind.rawValue)
        let isAllowed = isAllowed(request)
        let reply = try books.write(trace) { page in isAllowed ? try work(page) : Self.unauthorized }
        return Response(reply)
    }

    /// Whether the request has the key, if there is one.
    func isAllowed(_ request: Request) -> Bool {
        apiKey == nil || request.headers[.authorization] == apiKey.map { "Bearer \($0)" }
    }

    private static let unauthorized = Reply(
        status: 401, contentType: "text/plain; charset=utf-8", body: Array("The key is not valid.\n".utf8),
        effect: .refused)
}
