import FleetTesting
import FoundationEssentials
import HTTPClient
import Models

/// A store that has nothing but what it is posted, as a process of its own and in another language: it checks each
/// signature by itself, takes everything at once, and keeps every post as it came.
struct PostBox {
    let process: ChildProcess
    private let host: String
    private let client: HTTPClient

    static func start() async throws -> PostBox {
        let process = try ChildProcess("/usr/bin/python3", arguments: ["-u", "-c", program] + WebhookStore.secrets)
        let line = try await process.waitForLine(containing: "listening on ")
        return PostBox(
            process: process, host: String(line.dropFirst("listening on ".count)), client: try HTTPClient())
    }

    /// What a program is told of it, without `STEVEDORE_`: nobody else is shown anything.
    var settings: [String: String] {
        [
            "STOREFRONT_ADAPTERS": "webhook", "STOREFRONT_WEBHOOK_URL": "http://\(host)/hooks",
            "STOREFRONT_WEBHOOK_SECRET": WebhookStore.secrets.joined(separator: ","),
            "STOREFRONT_WEBHOOK_ALLOWED_HOSTS": host,
        ]
    }

    /// One post as it came.
    struct Post: Decodable {
        /// Every signature and the type of the content are right, and the body's id is the header's.
        var isGenuine: Bool
        var body: String

        var message: Received { get throws { try MessageReader().read(Array(body.utf8)) } }
    }

    /// The posts behind the first `count`, in the order in which they came.
    func posts(after count: Int) async throws -> [Post] {
        let answer = try await client.send(
            HTTPRequest(url: "http://\(host)/posts/\(count)", maxResponseBytes: 16 << 20))
        return try JSONDecoder().decode([Post].self, from: Data(answer.body))
    }

    private static let program = """
        import base64, hashlib, hmac, json, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        keys = [base64.b64decode(secret[len("whsec_"):]) for secret in sys.argv[1:]]
        lock, posts = threading.Lock(), []

        def signatures(content):
            return ["v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]

        def is_genuine(head, body):
            name, stamp = head["webhook-id"], head["webhook-timestamp"]
            signed = signatures(name.encode() + b"." + stamp.encode() + b"." + body)
            return (head["webhook-signature"].split(" ") == signed and json.loads(body)["id"] == name
                    and head["content-type"] == "application/cloudevents+json" and abs(time.time() - int(stamp)) < 300)

        class Store(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self, body=b""):
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                with lock:
                    news = posts[int(self.path.split("/")[-1]):]
                self.answer(json.dumps(news).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                post = {"isGenuine": is_genuine(self.headers, body), "body": body.decode()}
                with lock:
                    posts.append(post)
                self.answer()

        class Server(ThreadingHTTPServer):
            # Several workers come at once.
            request_queue_size = 128

        server = Server(("127.0.0.1", 0), Store)
        print("listening on 127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()
        """
}
