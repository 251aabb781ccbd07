import FleetTesting
import HTTPClient
import Storefront

@testable import AlertsWorker

/// A program that takes alerts.
struct AlertPostServer {
    typealias Post = WebhookServer.Post

    private let server: WebhookServer
    /// Where it takes posts.
    var url: String { "http://\(server.host)/alerts" }

    /// The next posts are answered with these statuses, the others with 204; 0 holds on to the post. What it says of a
    /// refusal could steer a terminal.
    static func start(_ statuses: [Int] = []) async throws -> AlertPostServer {
        let answers = WebhookServer.Answers(usual: 204, next: statuses, refusal: "no\u{1B}[31m room")
        return AlertPostServer(server: try await WebhookServer(answers))
    }

    func posts() async throws -> [Post] {
        let answer = try await HTTPClient().send(HTTPRequest(url: server.log, maxResponseBytes: 16 << 20))
        return try WebhookServer.posts(in: answer.body)
    }

    /// What posts to it.
    func carrier(timeout: Duration = .seconds(15)) throws -> AlertPost {
        guard let url = WebhookURL(self.url) else { throw TestingError.missing("the address") }
        let endpoint = try WebhookEndpoint(
            url: url, secrets: WebhookServer.secrets.compactMap { WebhookSecret($0) }, allowedHosts: [server.host])
        return AlertPost(endpoint: endpoint, client: try HTTPClient(), timeout: timeout)
    }
}
