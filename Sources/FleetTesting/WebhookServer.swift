internal import FoundationEssentials

/// A program that takes posts, as a process of one test's own and in another language: it checks each signature by
/// itself, answers as it is told, and remembers what came. Killed with its last reference.
public final class WebhookServer: Sendable {
    /// What posts to it have to be signed with, in this order.
    public static let secrets = [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c3RldmVkb3JlIHRlc3RzIGhhdmUgYSBrZXkh",
    ]

    /// How it answers. The status 0 holds on to a post until who made it gives up or dies.
    public struct Answers: Encodable, Sendable {
        /// The status of every post for which there is no other.
        public var usual: Int
        /// The statuses of the next posts.
        public var next: [Int]
        /// What it says beside a status from 300 on.
        public var refusal: String
        /// How long each answer takes, in seconds.
        public var delay: Double

        /// Answers every post with `usual`, but for the next ones.
        public init(usual: Int, next: [Int] = [], refusal: String = "", delay: Double = 0) {
            self.usual = usual
            self.next = next
            self.refusal = refusal
            self.delay = delay
        }
    }

    /// One post as it came.
    public struct Post: Decodable, Sendable {
        /// Where it was posted to.
        public var path: String
        /// The header's id.
        public var id: String
        /// All of it.
        public var body: String
        /// The message's, as the body has it.
        public var subject: String
        /// The message's, as the body has it.
        public var revision: Int64
        /// Every signature and the type of the content are right, and the body's id is the header's.
        public var isGenuine: Bool
        /// Another post of the same object was not answered yet, and who made it still waits for the answer.
        public var overlaps: Bool
        /// What it was answered with; 0 when it was not.
        public var status: Int

        /// Whether it need not come again.
        public var isTaken: Bool { 200..<300 ~= status }
    }

    /// `127.0.0.1:<port>`.
    public let host: String
    /// Python, which can be killed.
    public let process: ChildProcess

    /// `GET` it for all posts so far, for ``posts(in:)``.
    public var log: String { "http://\(host)/log" }
    /// `POST` it a JSON array of the statuses of the next posts, in place of those that are left.
    public var script: String { "http://\(host)/script" }

    /// Starts the server; every path but those two takes posts.
    public init(_ answers: Answers) async throws {
        let settings = String(decoding: try JSONEncoder().encode(answers), as: UTF8.self)
        let process = try ChildProcess(
            "/usr/bin/python3", arguments: ["-u", "-c", Self.program, settings] + Self.secrets)
        let line = try await process.waitForLine(containing: "listening on ")
        host = String(line.dropFirst("listening on ".count))
        self.process = process
    }

    /// Reads an answer of ``log``.
    public static func posts(in body: [UInt8]) throws -> [Post] {
        try JSONDecoder().decode([Post].self, from: Data(body))
    }
}

extension WebhookServer {
    private static let program = """
        import base64, hashlib, hmac, json, socket, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        answers = json.loads(sys.argv[1])
        keys = [base64.b64decode(secret[len("whsec_"):]) for secret in sys.argv[2:]]
        lock, posts, script, busy = threading.Lock(), [], answers["next"], []

        def is_genuine(head, body):
            name, stamp = head["webhook-id"], head["webhook-timestamp"]
            content = name.encode() + b"." + stamp.encode() + b"." + body
            codes = [hmac.new(key, content, hashlib.sha256).digest() for key in keys]
            signed = ["v1," + base64.b64encode(code).decode() for code in codes]
            return (head["webhook-signature"].split(" ") == signed and json.loads(body)["id"] == name
                    and head["content-type"] == "application/cloudevents+json" and abs(time.time() - int(stamp)) < 300)

        def waits(connection):
            try:
                return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
            except BlockingIOError:
                return True
            except OSError:
                return False

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def answer(self, status, body=b""):
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
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
                status = self.keep(body)
                if status:
                    self.answer(status, answers["refusal"].encode() if status >= 300 else b"")

            def keep(self, body):
                message = json.loads(body)
                subject = message["subject"]
                this = (subject, self.connection)
                with lock:
                    status = script.pop(0) if script else answers["usual"]
                    overlaps = any(other == subject and waits(connection) for other, connection in busy)
                    posts.append({"path": self.path, "id": self.headers["webhook-id"], "subject": subject,
                                  "revision": message["revision"], "body": body.decode(), "overlaps": overlaps,
                                  "isGenuine": is_genuine(self.headers, body), "status": status})
                    busy.append(this)
                if status == 0:
                    self.connection.recv(1)
                    self.close_connection = True
                time.sleep(answers["delay"])
                with lock:
                    busy.remove(this)
                return status

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print("listening on 127.0.0.1:%d" % server.server_address[1])
        server.serve_forever()
        """
}
