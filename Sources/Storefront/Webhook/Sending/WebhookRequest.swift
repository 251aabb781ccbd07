internal import HTTPClient
internal import Models

extension HTTPRequest {
    /// The post, signed with each secret of the endpoint (Standard Webhooks, "Webhook headers"). The timestamp is that of
    /// this try. Nil when it cannot be signed.
    init?(_ post: WebhookPost, to endpoint: WebhookEndpoint, at time: Timestamp, timeout: Duration) {
        let seconds = time.microseconds / 1_000_000
        let signatures = endpoint.secrets.compactMap { secret in
            secret.signature(id: post.id, timestamp: seconds, body: post.body)
        }
        guard signatures.count == endpoint.secrets.count else { return nil }
        self.init(
            method: .post, url: endpoint.url.text,
            headers: [
                "content-type": IncomingMessage.structured, "webhook-id": post.id, "webhook-timestamp": "\(seconds)",
                "webhook-signature": signatures.joined(separator: " "),
            ], body: post.body, timeout: timeout)
    }
}
