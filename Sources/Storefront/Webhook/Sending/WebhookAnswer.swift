internal import HTTPClient

/// What came of a post (Standard Webhooks, "Delivery success and failure").
enum WebhookAnswer: Hashable, Sendable {
    /// 2xx: the store has it.
    case delivered
    /// 410: the store wants no posts any more.
    case gone
    /// It was given up because the program ends, or not made at all.
    case none
    /// Anything else: it is tried again. `isOfStore` when it says more of the store than of this one post; `retryAfter` when
    /// the store asks for a pause.
    case refused(code: String, reason: String, isOfStore: Bool, retryAfter: Duration?)

    init(_ response: HTTPResponse) {
        switch response.status {
        case 200..<300: self = .delivered
        case 410: self = .gone
        case let status:
            self = .refused(
                code: "webhook.status.\(status)", reason: Self.reason(status, response),
                isOfStore: Self.isOfStore(status),
                retryAfter: status == 429 || status >= 500 ? response.retryAfter : nil)
        }
    }

    init(_ error: HTTPError) {
        if case .cancelled = error {
            self = .none
            return
        }
        self = .refused(code: error.code, reason: error.sentence, isOfStore: true, retryAfter: nil)
    }

    /// A redirect, a refused signature and a lack of room are not one object's fault.
    private static func isOfStore(_ status: Int) -> Bool {
        status < 400 || [401, 403, 429].contains(status) || status >= 500
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
