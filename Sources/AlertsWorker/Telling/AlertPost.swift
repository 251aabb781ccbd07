internal import Fleet
internal import HTTPClient
internal import Models
internal import Storefront

/// Posts alerts to a program, one at a time, signed as Standard Webhooks has it: the body is the CloudEvent
/// `alert.raised.v1` with the alert as it is now, and `occasion` and `rule` say why it is posted.
struct AlertPost: AlertCarrier {
    let endpoint: WebhookEndpoint
    let client: any WebhookClient
    /// For one post, from the first byte to the last.
    var timeout: Duration = .seconds(15)

    var address: String? { endpoint.url.text }
    var destination: SharedAbsence.Destination? { .alertWebhook }

    func newMessage() -> String { AlertMessageID.next() }

    func carry(_ letter: AlertLetter) async -> AlertDelivery {
        guard let item = letter.items.first else { return .none }
        let body = Self.body(item, id: letter.message)
        guard let request = HTTPRequest(signed: body, id: letter.message, to: endpoint, at: .now(), timeout: timeout)
        else { return .slow(Self.unsigned) }
        do throws(HTTPError) {
            return Self.delivery(try await client.send(request))
        } catch {
            return Self.delivery(error)
        }
    }

    /// The alert, looked after by whoever has said so.
    private static func body(_ item: AlertLetter.Item, id: String) -> [UInt8] {
        var alert = item.record.alert
        if alert.owner == nil { alert.owner = item.record.acknowledgedBy.map { FreeText.fitting($0, in: 120) } }
        let time = alert.resolvedAt ?? alert.lastAt
        var envelope = Envelope(
            for: alert, as: Catalogue.alertRaised, source: FleetTopology.source, time: time, id: id)
        envelope.extensions = [
            "timestamp": time.description, "occasion": item.occasion.rawValue,
            "rule": item.rules.joined(separator: ", "),
        ]
        return MessageWriter().write(envelope, alert)
    }

    // MARK: - Answers

    /// 2xx is taken, 410 never will be; all else is tried again. No redirect is followed: the allow list is the whole
    /// answer to where an alert may go.
    private static func delivery(_ response: HTTPResponse) -> AlertDelivery {
        switch response.status {
        case 200..<300: .sent
        case 410:
            .refused(
                trouble(410, "The webhook answered 410 Gone: it wants no alerts any more.", remedy: corrected))
        case 300..<400:
            .down(
                trouble(
                    response.status, "The webhook answered \(response.status), a redirect, and none is followed.",
                    remedy: corrected))
        case 401, 403, 429: .slow(refusal(response), rest: response.retryAfter)
        // It may have failed after the alert was noted.
        case 500...: .down(refusal(response), rest: response.retryAfter, mayBeThere: true)
        default: .later(refusal(response))
        }
    }

    private static func delivery(_ error: HTTPError) -> AlertDelivery {
        if case .cancelled(let maybe) = error { return maybe ? .none : .untried }
        let trouble = AlertTrouble(
            code: error.code, sentence: error.sentence,
            remedy: "Look whether what `alerts.webhook.url` names runs and can be reached; it is tried again.")
        return switch error {
        case .invalidRequest, .closed: .slow(trouble)
        case .notSent, .unknownOutcome, .responseTooLarge, .cancelled:
            .down(trouble, mayBeThere: error.mayHaveBeenReceived)
        }
    }

    private static func refusal(_ response: HTTPResponse) -> AlertTrouble {
        let text = MailText.inert(String(decoding: response.body.prefix(200), as: UTF8.self))
        return trouble(
            response.status, "The webhook answered \(response.status)" + (text.isEmpty ? "." : ": \(text)"),
            remedy: "Look there for the reason; it is tried again.")
    }

    private static func trouble(_ status: Int, _ sentence: String, remedy: String) -> AlertTrouble {
        AlertTrouble(code: "alerts.webhook.status.\(status)", sentence: sentence, remedy: remedy)
    }

    private static let corrected = "Correct `alerts.webhook.url`, or take `webhook` out of the rules."
    private static let unsigned = AlertTrouble(
        code: "alerts.webhook.unsigned", sentence: "The post cannot be signed.",
        remedy: "Look at this machine's memory; it is tried again.")
}
