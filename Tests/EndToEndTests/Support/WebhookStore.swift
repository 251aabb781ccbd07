import FleetTesting
import HTTPClient

/// A store that takes posts, slowly enough that newer revisions come while a post is on its way.
struct WebhookStore {
    typealias Post = WebhookServer.Post

    static let secrets = WebhookServer.secrets
    private let server: WebhookServer
    private let client: HTTPClient
    var process: ChildProcess { server.process }

    static func start() async throws -> WebhookStore {
        let answers = WebhookServer.Answers(usual: 200, delay: 0.1)
        return WebhookStore(server: try await WebhookServer(answers), client: try HTTPClient())
    }

    /// What a worker is told of it, without `STEVEDORE_`.
    var settings: [String: String] {
        [
            "STOREFRONT_ADAPTERS": "database,webhook", "STOREFRONT_WEBHOOK_URL": "http://\(server.host)/hooks",
            "STOREFRONT_WEBHOOK_SECRET": Self.secrets.joined(separator: ","),
            "STOREFRONT_WEBHOOK_ALLOWED_HOSTS": server.host,
        ]
    }

    func posts() async throws -> [Post] {
        let answer = try await client.send(HTTPRequest(url: server.log, maxResponseBytes: 16 << 20))
        return try WebhookServer.posts(in: answer.body)
    }

    /// The next posts are answered with these, the others with 200; 0 holds on to the post until the worker gives up or
    /// dies.
    func answer(_ statuses: [Int]) async throws {
        _ = try await client.send(HTTPRequest(method: .post, url: server.script, body: Array("\(statuses)".utf8)))
    }
}
