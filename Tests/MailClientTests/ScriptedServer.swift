import FleetTesting

/// A mail server that answers commands as a test says, and is as slow as it says.
struct ScriptedServer {
    let url: String
    private let process: ChildProcess

    /// By command, `DOT` for the end of a mail: the answer, and how many seconds it takes. Others are answered at once
    /// with 250.
    init(_ answers: [String: (reply: String, seconds: Double)]) async throws {
        let script = answers.map { "\($0.key)=\($0.value.seconds)=\($0.value.reply)" }
        process = try ChildProcess("/usr/bin/python3", arguments: ["-u", "-c", Self.program] + script)
        url = try await process.waitForLine(containing: "smtp://")
    }

    private static let program = """
        import socketserver, sys, time

        script = {}
        for argument in sys.argv[1:]:
            command, seconds, reply = argument.split("=", 2)
            script[command] = (float(seconds), reply)

        class Session(socketserver.StreamRequestHandler):
            def say(self, command, usual):
                seconds, reply = script.get(command, (0, usual))
                time.sleep(seconds)
                self.wfile.write(reply.encode() + b"\\r\\n")

            def handle(self):
                self.say("HELLO", "220 ready")
                try:
                    while line := self.rfile.readline():
                        command = line[:4].decode("ascii", "replace").strip().upper()
                        if command == "DATA":
                            self.say("DATA", "354 go on")
                            while (line := self.rfile.readline()) not in (b".\\r\\n", b""):
                                pass
                            command = "DOT"
                        self.say(command, "250 fine")
                        if command == "QUIT":
                            return
                except OSError:
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        with Server(("127.0.0.1", 0), Session) as server:
            print("smtp://127.0.0.1:%d" % server.server_address[1])
            server.serve_forever()
        """
}
