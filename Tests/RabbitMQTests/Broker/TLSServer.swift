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
    private let process: Process

    /// `days` may be negative for a certificate that has expired. Made on a thread of its own: waiting for programs
    /// would hold up the tests that run beside this one.
    static func start(name: String, days: Int = 2, options: [String] = []) async throws -> TLSServer {
        try await onThread { try TLSServer(name: name, days: days, options: options) }
    }

    /// Whether `openssl s_client` with these options comes to an agreement with the server.
    func greets(_ options: [String]) async throws -> Bool {
        let arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", authority, "-verify_return_error"]
        return try await Self.onThread { try Self.status(arguments + options) == 0 }
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    private init(name: String, days: Int, options: [String]) throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "tls-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        func file(_ name: String) -> String { directory.appending(path: name).path }
        try Self.makeCertificates(name: name, days: days, file)
        let process = Process()
        process.executableURL = URL(filePath: Self.program)
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", file("pem"), "-key", file("key")] + options
        process.standardInput = Pipe()
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        self.process = process
        self.directory = directory
        authority = file("ca.pem")
        key = file("key")
        certificate = file("pem")
        lockedKey = file("locked")
        port = try #require(Self.port(announcedIn: output.fileHandleForReading))
    }

    private static func makeCertificates(name: String, days: Int, _ file: (String) -> String) throws {
        try Data("subjectAltName=DNS:\(name)".utf8).write(to: URL(filePath: file("names")))
        let newKey = ["-newkey", "rsa:2048", "-nodes"]
        try run(
            ["req", "-x509", "-days", "2", "-subj", "/CN=authority", "-keyout", file("ca.key"), "-out", file("ca.pem")]
                + newKey)
        try run(["req", "-subj", "/CN=\(name)", "-keyout", file("key"), "-out", file("request")] + newKey)
        try run([
            "x509", "-req", "-in", file("request"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial",
            "-days", "\(days)", "-extfile", file("names"), "-out", file("pem"),
        ])
        try run(["rsa", "-aes256", "-passout", "pass:locked", "-in", file("key"), "-out", file("locked")])
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: directory)
    }

    /// It says "ACCEPT 127.0.0.1:12345" once it listens.
    private static func port(announcedIn output: FileHandle) -> Int? {
        var text = ""
        while let more = try? output.read(upToCount: 1), !more.isEmpty {
            text += String(decoding: more, as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }), text.hasSuffix("\n") {
                return line.split(separator: ":").last.flatMap { Int($0) }
            }
        }
        return nil
    }

    private static func run(_ arguments: [String]) throws { try #require(try status(arguments) == 0) }

    private static func status(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
