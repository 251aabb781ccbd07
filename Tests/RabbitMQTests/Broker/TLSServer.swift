import FleetTesting
import Foundation
import Testing

/// `openssl s_server` with a certificate of its own, until the value is gone.
final class TLSServer: Sendable {
    static let program = "/usr/bin/openssl"
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let port: Int
    let authority: String
    let key: String
    let certificate: String
    /// The key, encrypted with a password.
    let lockedKey: String
    private let directory: URL
    private let process: ChildProcess

    /// `days` may be negative for a certificate that has expired.
    static func start(name: String, days: Int = 2, options: [String] = []) async throws -> TLSServer {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "tls-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func file(_ name: String) -> String { directory.appending(path: name).path }
        try await makeCertificates(name: name, days: days, file)
        let process = try serve(
            ["-accept", "127.0.0.1:0", "-cert", file("pem"), "-key", file("key")] + options, input: file("input"))
        // "ACCEPT 127.0.0.1:12345" once it listens.
        let line = try await process.waitForLine(containing: "ACCEPT")
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        return TLSServer(port: port, directory: directory, process: process, file)
    }

    private init(port: Int, directory: URL, process: ChildProcess, _ file: (String) -> String) {
        (self.port, self.directory, self.process) = (port, directory, process)
        authority = file("ca.pem")
        key = file("key")
        certificate = file("pem")
        lockedKey = file("locked")
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    /// Whether `openssl s_client` with these options comes to an agreement with the server.
    func greets(_ options: [String]) async throws -> Bool {
        let arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", authority, "-verify_return_error"]
        return try await ChildProcess(Self.program, arguments: arguments + options).waitForExit() == .exited(0)
    }

    /// The server hangs up when its input ends; that of a named pipe which it has open itself never does.
    private static func serve(_ options: [String], input: String) throws -> ChildProcess {
        try #require(mkfifo(input, 0o600) == 0)
        return try ChildProcess(
            "/bin/sh", arguments: ["-c", #"exec "$0" s_server "$@" 0<>"$INPUT""#, program] + options,
            environment: ["INPUT": input])
    }

    private static func makeCertificates(name: String, days: Int, _ file: (String) -> String) async throws {
        try Data("subjectAltName=DNS:\(name)".utf8).write(to: URL(filePath: file("names")))
        let newKey = ["-newkey", "rsa:2048", "-nodes"]
        for arguments in [
            ["req", "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", file("ca.key"), "-out", file("ca.pem")]
                + newKey,
            ["req", "-subj", "/CN=\(name)", "-keyout", file("key"), "-out", file("request")] + newKey,
            [
                "x509", "-req", "-in", file("request"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"),
                "-CAcreateserial", "-days", "\(days)", "-extfile", file("names"), "-out", file("pem"),
            ],
            ["rsa", "-aes256", "-passout", "pass:locked", "-in", file("key"), "-out", file("locked")],
        ] {
            try await ChildProcess.run(program, arguments: arguments)
        }
    }
}
