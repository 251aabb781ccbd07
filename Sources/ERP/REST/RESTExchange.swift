internal import HTTPClient

/// One question and its judged answer.
struct RESTExchange: Sendable {
    let configuration: RESTConfiguration
    let client: HTTPClient

    func read<Value: Decodable>(_ path: String, as type: Value.Type) async throws(ERPError) -> RESTAnswer<Value> {
        try await send(request(.get, path, timeout: configuration.readTimeout), isWrite: false)
    }

    func write<Value: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8], as type: Value.Type
    ) async throws(ERPError) -> RESTAnswer<Value> {
        let request = request(method, path, timeout: configuration.writeTimeout)
        return try await send(Self.carrying(body, request), isWrite: true)
    }

    /// A question that is too long for a path: it changes nothing, whatever becomes of it.
    func ask<Value: Decodable>(
        _ path: String, _ body: [UInt8], as type: Value.Type
    ) async throws(ERPError) -> RESTAnswer<Value> {
        let request = request(.post, path, timeout: configuration.readTimeout)
        return try await send(Self.carrying(body, request), isWrite: false)
    }

    private static func carrying(_ body: [UInt8], _ request: HTTPRequest) -> HTTPRequest {
        var request = request
        request.headers["Content-Type"] = "application/json"
        request.body = body
        return request
    }

    private func send<Value: Decodable>(_ request: HTTPRequest, isWrite: Bool) async throws(ERPError) -> RESTAnswer<
        Value
    > {
        let response: HTTPResponse
        do {
            response = try await client.send(request)
        } catch {
            throw ERPError(error, at: configuration.shownURL, isWrite: isWrite)
        }
        return try AnswerJudge(isWrite: isWrite).judge(response)
    }

    private func request(_ method: HTTPMethod, _ path: String, timeout: Duration) -> HTTPRequest {
        var base = configuration.baseURL
        while base.hasSuffix("/") { base.removeLast() }
        var headers: HTTPHeaders = ["Accept": "application/json, application/problem+json"]
        if let key = configuration.apiKey { headers["Authorization"] = "Bearer \(key)" }
        return HTTPRequest(
            method: method, url: base + path, headers: headers, timeout: timeout,
            connectTimeout: configuration.connectTimeout, maxResponseBytes: configuration.maxAnswerBytes)
    }
}

extension ERPError {
    /// A call without an answer. A read changes nothing, so whatever became of it, the ERP is merely not there.
    init(_ error: HTTPError, at address: String, isWrite: Bool) {
        let obstacle = Obstacle(error)
        let text =
            obstacle == .length
            ? "The ERP at \(address) answers too much. \(error.sentence)"
            : "The ERP at \(address) can not be reached. \(error.sentence)"
        self =
            isWrite && error.mayHaveBeenReceived ? .outcomeUnknown(text, obstacle) : .unavailable(text, obstacle)
    }

    /// An answer that can not have come from a working ERP.
    static func unreadable(_ why: String, isWrite: Bool, _ obstacle: Obstacle = .answer) -> ERPError {
        let text = "The ERP's answer is unusable: \(why)."
        return isWrite ? .outcomeUnknown(text, obstacle) : .unavailable(text, obstacle)
    }
}

extension ERPError.Obstacle {
    /// A wrong name, a wrong port and a wrong protocol look like an ERP that is away; the first and the last do not end
    /// by themselves.
    fileprivate init(_ error: HTTPError) {
        switch error {
        case .invalidRequest, .notSent(.unresolved, _), .notSent(.tls, _), .unknownOutcome(.tls, _): self = .address
        case .unknownOutcome(.malformedAnswer, _): self = .answer
        case .responseTooLarge: self = .length
        default: self = .outage
        }
    }
}
