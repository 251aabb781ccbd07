internal import FoundationEssentials
internal import HTTPClient

/// An answer that was believed.
enum RESTAnswer<Value> {
    case success(Value)
    case problem(WireProblem)
}

/// Decides what an answer is worth. A success is believed only when status, content type and every required field say
/// so: proxies, login pages and crashes answer 200 too.
struct AnswerJudge {
    let isWrite: Bool

    func judge<Value: Decodable>(_ response: HTTPResponse) throws(ERPError) -> RESTAnswer<Value> {
        switch response.status {
        case 200, 201: return .success(try success(response))
        case 429: throw .slowDown(retryAfter: RetryAfter.duration(in: response.headers))
        case 503: throw unavailable(response)
        case 401, 403:
            throw .unavailable("The ERP refuses the configured credentials with status \(response.status).")
        case 400, 404, 409, 410, 412, 413, 415, 422: return .problem(try problem(response))
        case 300..<500 where response.status != 408:
            throw .unavailable("The ERP's address answered with status \(response.status), which the ERP never does.")
        default: throw .unreadable("it has status \(response.status)", isWrite: isWrite)
        }
    }

    private func success<Value: Decodable>(_ response: HTTPResponse) throws(ERPError) -> Value {
        guard Self.mediaType(response) == "application/json" else {
            throw .unreadable("status \(response.status) came with \(Self.described(response))", isWrite: isWrite)
        }
        guard !response.body.isEmpty else {
            throw .unreadable("status \(response.status) came without a body", isWrite: isWrite)
        }
        guard let value = Self.decode(Value.self, response.body) else {
            throw .unreadable("it is not the JSON that was asked for", isWrite: isWrite)
        }
        return value
    }

    /// A refusal in the ERP's own words, or what a refusal by somebody else amounts to.
    private func problem(_ response: HTTPResponse) throws(ERPError) -> WireProblem {
        if Self.mediaType(response) == "application/problem+json",
            let problem = Self.decode(WireProblem.self, response.body)
        {
            return problem
        }
        // Not found, without the ERP's own explanation, means a wrong address: no order is at fault.
        guard isWrite, response.status != 404, response.status != 410 else {
            throw .unavailable("The ERP's address answered with status \(response.status) and no readable reason.")
        }
        throw .rejected(
            code: "erp.refused",
            sentence: "The ERP refused the order with status \(response.status) and no readable reason.",
            faults: [])
    }

    /// 503 says that the request was not handled; with a time it is a request to slow down.
    private func unavailable(_ response: HTTPResponse) -> ERPError {
        guard response.headers["retry-after"] != nil else {
            return .unavailable("The ERP says that it is unavailable (status 503).")
        }
        return .slowDown(retryAfter: RetryAfter.duration(in: response.headers))
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        try? JSONDecoder().decode(type, from: Data(body))
    }

    private static func mediaType(_ response: HTTPResponse) -> String {
        let type = (response.headers["content-type"] ?? "").prefix { $0 != ";" }
        return type.lowercased().filter { !$0.isWhitespace }
    }

    private static func described(_ response: HTTPResponse) -> String {
        let type = mediaType(response)
        return type.isEmpty ? "no content type" : "content type \(type.prefix(80))"
    }
}
