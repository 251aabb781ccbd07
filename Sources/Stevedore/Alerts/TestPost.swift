internal import Fleet
internal import HTTPClient
internal import Models
internal import Storefront

/// A signed post of an alert that says of itself that it is a test.
struct TestPost {
    let endpoint: WebhookEndpoint
    /// Who tries it, and from where.
    let sender: String
    let now: Timestamp

    /// What the other side answers.
    func send() async -> TestAnswer {
        guard let request else {
            return .failed(.webhook, "webhook.unsigned", "The post cannot be signed.", "Free some memory.")
        }
        do throws(HTTPError) {
            let client = try HTTPClient()
            let response = try await client.send(request)
            await client.close()
            return answer(response)
        } catch {
            return .failed(.webhook, error.code, error.sentence, error.remedy)
        }
    }

    private func answer(_ response: HTTPResponse) -> TestAnswer {
        let place = endpoint.url.text
        if 200..<300 ~= response.status {
            return .taken(.webhook, "\(place) has answered \(response.status): the post is taken.")
        }
        let words = String(decoding: response.body.prefix(200), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let remedy =
            300..<400 ~= response.status
            ? "No redirect is followed: correct `alerts.webhook.url`."
            : "Look at what the receiver wants; with 401 or 403 compare the secrets on both sides."
        return .failed(
            .webhook, "webhook.status.\(response.status)",
            "\(place) has answered \(response.status)" + (words.isEmpty ? "." : ": \(words)"), remedy)
    }

    /// Signed with each secret (Standard Webhooks, "Webhook headers").
    private var request: HTTPRequest? {
        let alert = self.alert
        let envelope = Envelope(for: alert, as: Catalogue.alertRaised, source: FleetTopology.source, time: now)
        let body = MessageWriter().write(envelope, alert)
        let seconds = now.microseconds / 1_000_000
        let signatures = endpoint.secrets.compactMap { $0.signature(id: envelope.id, timestamp: seconds, body: body) }
        guard signatures.count == endpoint.secrets.count else { return nil }
        return HTTPRequest(
            method: .post, url: endpoint.url.text,
            headers: [
                "content-type": IncomingMessage.structured, "webhook-id": envelope.id,
                "webhook-timestamp": "\(seconds)", "webhook-signature": signatures.joined(separator: " "),
            ], body: body)
    }

    /// Its key is that of no alert, so that a receiver which keeps them mixes nothing up.
    private var alert: Alert {
        Alert(
            key: "test/\(MessageID.next())", revision: 1, kind: .other, severity: .info, code: "alerts.test",
            sentence: "This is a test, started by \(InertText.line(sender)). Nothing has happened.",
            remedy: "Nothing is left to do.", count: 0, raisedAt: now, lastAt: now)
    }
}
