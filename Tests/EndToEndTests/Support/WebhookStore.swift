import FleetTesting
import FoundationEssentials
import HTTPClient

/// A store that takes posts, as a process of its own and in another language: it checks each signature by itself, answers
/// as it is told, and remembers what came.
struct WebhookStore {
    static let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c3RldmVkb3JlIHRlc3RzIGhhdmUgYSBrZXkh"]
    let process: ChildProcess
    let host: String
    private let client: HTTPClient

    static func start() async throws -> WebhookStore {
        let process = try ChildProcess("/usr/bin/python3", arguments: ["-u", "-c", program] + secrets)
        let line = try await process.waitForLine(containing: "listening on ")
        return WebhookStore(
            process: process, host: String(line.dropFirst("listening on ".count)), client: try HTTPClient())
    }

    /// What a worker is told of it, without `STEVEDORE_`.
    var settings: [String: String] {
        [
            "STOREFRONT_ADAPTERS": "database,webhook", "STOREFRONT_WEBHOOK_URL": "http://\(host)/hooks",
            "STOREFRONT_WEBHOOK_SECRET": Self.secrets.joined(separator: ","),
            "STOREFRONT_WEBHOOK_ALLOWED_HOSTS": host,
        ]
    }

    /// One post as it came.
    struct Post: Decodable {
        var id: String
        var subject: String
        var revision: Int64
        /// Every signature is right, and the body's id is the header's.
        var isGenuine: Bool
        /// Another post of the same object was not answered yet, and who made it still waits for the answer.
        var overlaps: Bool
        /// What it was answered with; 0 when it was not.
        var status: Int

        var isTaken: Bool { 200..<300 ~= status }
    }

    func posts() async throws -> [Post] {
        let answer = try await client.send(HTTPRequest(url: "http://\(host)/log", maxResponseBytes: 16 << 20))
        return try JSONDecoder().decode([Post].self, from: Data(answer.body))
    }

    /// The next posts are answered with these, the others with 200; 0 holds on to the post until the worker gives up or dies.
    func answer(_ statuses: [Int]) async throws {
        _ = try await client.send(
            HTTPRequest(method: .post, url: "http://\(host)/script", body: Array("\(statuses)".utf8)))
    }

    private static let program = """
        import base64, hashlib, hmac, json, socket, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        keys = [base64.b64decode(secret[len("whsec_"):]) for secret in sys.argv[1:]]
        lock, posts, script, busy = threading.Lock(), [], [], []

        def signatures(content):
            return ["v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]

        def waits(connection):
            try:
                return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
            except BlockingIOError:
                return True
            except OSError:
                return False

        class Store(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self, status, body=b""):
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                with lock:
                    self.answer(200, json.dumps(posts).encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.path == "/script":
                    with lock:
                        script[:] = json.loads(body)
                    return self.answer(204)
                message, head = json.loads(body), self.headers
                stamp = head["webhook-timestamp"]
                signed = signatures(head["webhook-id"].encode() + b"." + stamp.encode() + b"." + body)
                genuine = head["webhook-signature"].split(" ") == signed and message["id"] == head["webhook-id"] \\
                    and abs(time.time() - int(stamp)) < 300
                subject = message["subject"]
                this = (subject, self.connection)
                with lock:
                    status = script.pop(0) if script else 200
                    overlaps = any(other == subject and waits(connection) for other, connection in busy)
                    posts.append({"id": message["id"], "subject": subject, "revision": message["revision"],
                                  "isGenuine": genuine, "overlaps": overlaps, "status": status})
                    busy.append(this)
                if status == 0:
                    self.connection.recv(1)
                    self.close_connection = True
                # Slow enough that newer revisions come while a post is on its way.
                time.sleep(0.1)
                with lock:
                    busy.remove(this)
                if status:
                    self.answer(status)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
        print("listening on 127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()
        """
}
