import FleetTesting
import FoundationEssentials
import HTTPClient
import Storefront

@testable import AlertsWorker

/// A program that takes alerts, as a process of its own and in another language: it checks each signature by itself,
/// answers as it is told, and remembers what came.
struct AlertPostServer {
    static let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c3RldmVkb3JlIHRlc3RzIGhhdmUgYSBrZXkh"]
    let host: String
    /// Where it takes posts.
    var url: String { "http://\(host)/alerts" }
    private let process: ChildProcess

    /// The next posts are answered with these statuses, the others with 204; 0 holds on to the post.
    static func start(_ statuses: [Int] = []) async throws -> AlertPostServer {
        let process = try ChildProcess(
            "/usr/bin/python3", arguments: ["-u", "-c", program, "\(statuses)"] + secrets)
        let line = try await process.waitForLine(containing: "listening on ")
        return AlertPostServer(host: String(line.dropFirst("listening on ".count)), process: process)
    }

    /// One post as it came.
    struct Post: Decodable {
        var path: String
        var id: String
        /// Every signature and the type of the content are right, and the body's id is the header's.
        var isGenuine: Bool
        var body: String
    }

    func posts() async throws -> [Post] {
        let answer = try await HTTPClient().send(HTTPRequest(url: "http://\(host)/log", maxResponseBytes: 16 << 20))
        return try JSONDecoder().decode([Post].self, from: Data(answer.body))
    }

    /// What posts to it.
    func carrier(timeout: Duration = .seconds(15)) throws -> AlertPost {
        guard let url = WebhookURL(self.url) else { throw TestingError.missing("the address") }
        let endpoint = try WebhookEndpoint(
            url: url, secrets: Self.secrets.compactMap { WebhookSecret($0) }, allowedHosts: [host])
        return AlertPost(endpoint: endpoint, client: try HTTPClient(), timeout: timeout)
    }

    private static let program = """
        import base64, hashlib, hmac, json, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        script = json.loads(sys.argv[1])
        keys = [base64.b64decode(secret[len("whsec_"):]) for secret in sys.argv[2:]]
        lock, posts = threading.Lock(), []

        def is_genuine(head, body):
            name, stamp = head["webhook-id"], head["webhook-timestamp"]
            content = name.encode() + b"." + stamp.encode() + b"." + body
            codes = [hmac.new(key, content, hashlib.sha256).digest() for key in keys]
            signed = ["v1," + base64.b64encode(code).decode() for code in codes]
            return (head["webhook-signature"].split(" ") == signed and json.loads(body)["id"] == name
                    and head["content-type"] == "application/cloudevents+json" and abs(time.time() - int(stamp)) < 300)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self, status, body=b""):
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                with lock:
                    self.answer(200, json.dumps(posts).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with lock:
                    status = script.pop(0) if script else 204
                    posts.append({"path": self.path, "id": self.headers["webhook-id"], "body": body.decode(),
                                  "isGenuine": is_genuine(self.headers, body)})
                if status == 0:
                    self.connection.recv(1)
                    self.close_connection = True
                else:
                    self.answer(status, b"" if status == 204 else b"no\\x1b[31m room")

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print("listening on 127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()
        """
}
