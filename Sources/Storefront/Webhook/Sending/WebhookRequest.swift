package import HTTPClient
package import Models

extension HTTPRequest {
    /// A CloudEvent as a post, signed with each secret of the endpoint (Standard Webhooks, "Webhook headers"). `id`
    /// is the same at every try, the timestamp is that of this one. Nil when it cannot be signed.
    package init?(
        signed body: [UInt8], id: String, to endpoint: WebhookEndpoint, at time: Timestamp, timeout: Duration
    ) {
        let seconds = time.microseconds / 1_000_000
        let signatures = endpoint.secrets.compactMap { secret in
            secret.signature(id: id, timestamp: seconds, body: body)
        }
        guard signatures.count == endpoint.secrets.count else { return nil }
        self.init(
            method: .post, url: endpoint.url.text,
            headers: [
                "content-type": IncomingMessage.structured, "webhook-id": id, "webhook-timestamp": "\(seconds)",
                "webhook-signature": signatures.joined(separator: " "),
            ], body: body, timeout: timeout)
    }

    /// The post of an object.
    init?(_ post: WebhookPost, to endpoint: WebhookEndpoint, at time: Timestamp, timeout: Duration) {
        self.init(signed: post.body, id: post.id, to: endpoint, at: time, timeout: timeout)
    }
}
