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
        case 429: throw .slowDown(retryAfter: response.retryAfter)
        case 503: throw unavailable(response)
        case 401, 403:
            throw .unavailable(
                "The ERP refuses the configured credentials with status \(response.status).", .credentials)
        case 400, 404, 409, 410, 412, 413, 415, 422: return .problem(try problem(response))
        case 300..<400: throw .unavailable("The ERP's address answers with \(Self.redirect(response)).", .address)
        case 400..<500 where response.status != 408: throw misdirected(response)
        default: throw .unreadable("it has status \(response.status)", isWrite: isWrite, .outage)
        }
    }

    private func success<Value: Decodable>(_ response: HTTPResponse) throws(ERPError) -> Value {
        guard Self.mediaType(response) == "application/json" else {
            throw .unreadable("status \(response.status) came with \(Self.described(response))", isWrite: isWrite)
        }
        guard !response.body.isEmpty else {
            throw .unreadable("status \(response.status) came without a body", isWrite: isWrite)
        }
        switch Self.decode(Value.self, response.body) {
        case .success(let value): return value
        case .failure(let fault): throw .unreadable(fault.description, isWrite: isWrite)
        }
    }

    /// A refusal in the ERP's own words, or what a refusal by somebody else amounts to.
    private func problem(_ response: HTTPResponse) throws(ERPError) -> WireProblem {
        // Not found, without the ERP's own explanation, means a wrong address: no order is at fault.
        let isAbsence = response.status == 404 || response.status == 410
        guard Self.mediaType(response) == "application/problem+json" else {
            if isAbsence { throw misdirected(response) }
            // Nor is it when anything but the interface refuses: a proxy, or a port that speaks TLS.
            throw .unreadable(
                "status \(response.status) came with \(Self.described(response)) and no reason", isWrite: isWrite)
        }
        switch Self.decode(WireProblem.self, response.body) {
        case .success(let problem): return problem
        case .failure where isAbsence: throw misdirected(response)
        case .failure(let fault): throw refusal(response, fault)
        }
    }

    /// A problem that does not say what kind it is. Somebody has read the order and refused it: that is for a person.
    private func refusal(_ response: HTTPResponse, _ fault: WireFault) -> ERPError {
        guard isWrite, case .success(let plain) = Self.decode(WirePlainProblem.self, response.body),
            let sentence = plain.sentence
        else {
            return .unreadable("status \(response.status) came with an unreadable problem: \(fault)", isWrite: isWrite)
        }
        return .rejected(
            code: "erp.refused", sentence: "The ERP refused the order with status \(response.status): \(sentence)",
            faults: [])
    }

    /// The interface has no such answer, so something else is at the address.
    private func misdirected(_ response: HTTPResponse) -> ERPError {
        .unavailable(
            "The ERP's address answers with status \(response.status) and no reason, which the ERP never does.",
            .address)
    }

    /// 503 says that the request was not handled; with a time it is a request to slow down.
    private func unavailable(_ response: HTTPResponse) -> ERPError {
        guard response.headers["retry-after"] != nil else {
            return .unavailable("The ERP says that it is unavailable (status 503).")
        }
        return .slowDown(retryAfter: response.retryAfter)
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Result<Value, WireFault> {
        do {
            return .success(try JSONDecoder().decode(type, from: Data(body)))
        } catch {
            return .failure(WireFault(error))
        }
    }

    /// Where to, without path and credentials, which are nobody's business in a log.
    private static func redirect(_ response: HTTPResponse) -> String {
        let status = "a redirect (status \(response.status))"
        guard let location = response.headers["location"], let scheme = location.firstRange(of: "://") else {
            return status
        }
        let authority = location[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@").last ?? ""
        return "\(status) to \(WireText.free(String(location[..<scheme.upperBound] + host), atMost: 200))"
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
