import Hummingbird

/// `/changes/{kind}` and `/warehouses`.
///
/// A page is read inside the lock of the books, but written outside it: orders do not wait for a thousand rows of JSON.
struct ChangeRoutes {
    private static let mostRows = 1_000

    let answer: AuditedAnswer
    private let skipped = SkippedChanges()

    init(answer: AuditedAnswer) { self.answer = answer }

    func add(to router: Router<SimulatorContext>) {
        router.get("warehouses") { request, context in
            try answer(request, context) { .json(["warehouses": try $0.warehouses()], effect: .listed) }
        }
        router.get("changes/:kind") { request, context in
            guard let kind = ChangeKind(rawValue: try context.parameters.require("kind")) else {
                throw HTTPError(.notFound)
            }
            let reply = answer.isAllowed(request) ? try page(of: kind, request, context.fault) : nil
            return try answer(request, context) { _ in reply ?? .json([String: String]()) }
        }
    }

    private func page(of kind: ChangeKind, _ request: Request, _ fault: FaultRule?) throws -> Reply {
        let query = request.uri.queryParameters
        let warehouse = query["warehouse"].map { PercentEncoding.decode($0) }
        let limit = min(max(query["limit"].flatMap { Int($0) } ?? 100, 1), Self.mostRows)
        guard let since = query["since"].map({ Int64($0) }) ?? .some(0) else {
            return Self.refusal("cursor.invalid", "The cursor is not one of ours.")
        }
        guard warehouse == nil || kind == .stock else {
            return Self.refusal("warehouse.needless", "Only stock is asked for by warehouse.")
        }
        guard
            let found = try answer.books.read({ page -> ChangedRows? in
                guard try warehouse.map({ try page.warehouses().contains($0) }) ?? true else { return nil }
                return try page.changes(of: kind, in: warehouse, after: since, limit: limit)
            })
        else { return Self.refusal("warehouse.unknown", "There is no such warehouse.") }
        let cursor = found.rows.last?.version ?? since
        let texts = try FeedFault(rule: fault, books: answer.books, skipped: skipped).texts(of: found.rows) {
            try $0.changes(of: kind, in: warehouse, upTo: since, limit: $1)
        }
        return Self.reply(texts, cursor, found)
    }

    private static func reply(_ texts: [String], _ cursor: Int64, _ found: ChangedRows) -> Reply {
        let text =
            "{\"changes\":[\(texts.joined(separator: ","))],\"cursor\":\"\(cursor)\",\"hasMore\":\(found.hasMore),"
            + "\"remaining\":\(found.remaining)}"
        return Reply(status: 200, body: Array(text.utf8), effect: .listed)
    }

    private static func refusal(_ code: String, _ sentence: String) -> Reply {
        .problem(.rejected(code, sentence, status: 400), effect: .rejected)
    }
}
