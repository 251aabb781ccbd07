internal import HTTPClient

/// What came of a post (Standard Webhooks, "Delivery success and failure").
enum WebhookAnswer: Hashable, Sendable {
    /// 2xx: the store has it.
    case delivered
    /// 410: the store wants no posts any more.
    case gone
    /// It was given up because the program ends, or not made at all.
    case none
    /// Anything else: it is tried again. `retryAfter` when the store asks for a pause.
    case refused(code: String, reason: String, fault: Fault, retryAfter: Duration?)

    /// Of what a refusal speaks.
    enum Fault: Hashable, Sendable {
        /// Of this one object: others may be taken.
        case object
        /// Of the store, which is there and takes nothing from us now.
        case store
        /// Of the store, which seems to be away; `isCertain` when no object can be the reason.
        case absence(isCertain: Bool)
    }

    init(_ response: HTTPResponse) {
        switch response.status {
        case 200..<300: self = .delivered
        case 410: self = .gone
        case let status:
            self = .refused(
                code: "webhook.status.\(status)", reason: Self.reason(status, response),
                fault: Self.fault(status),
                retryAfter: status == 429 || status >= 500 ? response.retryAfter : nil)
        }
    }

    init(_ error: HTTPError) {
        if case .cancelled = error {
            self = .none
            return
        }
        self = .refused(code: error.code, reason: error.sentence, fault: Self.fault(error), retryAfter: nil)
    }

    /// A refused signature and a lack of room are not one object's fault. A redirect is no answer of a store's, and a
    /// failure may be: what breaks a store may be a single object.
    private static func fault(_ status: Int) -> Fault {
        switch status {
        case 401, 403, 429: .store
        case 400..<500: .object
        default: .absence(isCertain: false)
        }
    }

    private static func fault(_ error: HTTPError) -> Fault {
        switch error {
        case .notSent: .absence(isCertain: true)
        case .unknownOutcome, .responseTooLarge: .absence(isCertain: false)
        case .invalidRequest, .cancelled, .closed: .store
        }
    }

    private static func reason(_ status: Int, _ response: HTTPResponse) -> String {
        guard 300..<400 ~= status else {
            let text = shown(response.body)
            return "The store answered \(status)" + (text.isEmpty ? "." : ": \(text)")
        }
        return "The store answered \(status), a redirect, and none is followed: correct `storefront.webhook.url`."
    }

    /// The beginning of what the store says, on one line and without anything that could steer a terminal.
    private static func shown(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        let line = text.unicodeScalars.map { scalar in
            scalar.properties.isWhitespace || [.control, .format].contains(scalar.properties.generalCategory)
                ? " " : String(scalar)
        }.joined()
        return line.split(separator: " ").joined(separator: " ")
    }
}
