internal import FoundationEssentials
import Glibc

/// A mail server of one test's own: `scripts/mailbox`, which keeps what it is sent. Killed with its last reference.
public final class Mailbox: Sendable {
    /// `smtp://127.0.0.1:<port>`, or `smtps://` with `--implicit-tls`.
    public let url: String
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    private static var script: String { "\(BuiltProducts.checkout)/scripts/mailbox" }

    /// Starts the server; `arguments` are those of the script, but for `--dir` and `--port`.
    public init(_ arguments: [String] = []) async throws {
        let directory = try TemporaryDirectory()
        let process = try ChildProcess(Self.script, arguments: ["--dir", directory.path] + arguments)
        url = try await process.waitForLine("the URL") { $0.hasPrefix("smtp://") || $0.hasPrefix("smtps://") }
        self.directory = directory
        self.process = process
    }

    /// The mails that were accepted so far, in their order.
    public func received() throws -> [ReceivedMail] {
        var mails: [ReceivedMail] = []
        while let raw = contents(ofFile: directory.file("\(Self.name(mails.count + 1)).eml")) {
            guard let view = contents(ofFile: directory.file("\(Self.name(mails.count + 1)).json")) else {
                throw TestingError.missing("the envelope of mail \(mails.count + 1)")
            }
            mails.append(try ReceivedMail(view, raw: raw))
        }
        return mails
    }

    /// Waits until so many mails were accepted, and returns all of them.
    public func received(atLeast count: Int, within limit: Duration = .seconds(30)) async throws -> [ReceivedMail] {
        try await eventually(within: limit, "\(count) mails") {
            let mails = try received()
            return mails.count >= count ? mails : nil
        }
    }

    /// What goes wrong from the next recipient on, in the words of `scripts/mailbox --help`: `{"temporary": 1}`. The
    /// counters begin anew; `{}` ends all faults.
    public func setFaults(_ json: String) throws {
        let unfinished = directory.file(".faults.unfinished")
        try write(Array(json.utf8), to: unfinished)
        guard rename(unfinished, directory.file("faults")) == 0 else {
            throw TestingError.system(operation: "rename of \(unfinished)", errno: errno)
        }
    }

    /// Ends the server as an operator does; the mails stay readable.
    @discardableResult
    public func stop() async throws -> ExitStatus {
        process.terminate()
        return try await process.waitForExit()
    }

    /// What a strict reader finds in a mail that went nowhere: Python's parser, with the defects that it saw.
    public static func read(_ mail: [UInt8]) async throws -> ReceivedMail {
        let directory = try TemporaryDirectory()
        let file = directory.file("mail.eml")
        try write(mail, to: file)
        let view = try await ChildProcess.run(script, arguments: ["--show", file])
        withExtendedLifetime(directory) {}
        return try ReceivedMail(view, raw: String(decoding: mail, as: UTF8.self))
    }

    /// Certificates of `scripts/certificates`, made in the directory.
    public static func certificates(in directory: TemporaryDirectory) async throws -> TestCertificates {
        let place = directory.file("tls")
        try await ChildProcess.run("\(BuiltProducts.checkout)/scripts/certificates", arguments: [place])
        return TestCertificates(directory: place)
    }

    private static func name(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
    }
}

/// One mail, and what Python's parser reads in it.
public struct ReceivedMail: Sendable {
    /// Byte for byte, dots restored.
    public let raw: String
    /// The envelope's sender; nil for a mail that was not received.
    public var sender: String? { view.sender }
    /// The envelope's recipients.
    public var recipients: [String] { view.recipients ?? [] }
    /// Whether it came over TLS.
    public var isOverTLS: Bool { view.tls ?? false }
    /// Who had logged in.
    public var user: String? { view.user }
    /// What the sending machine called itself.
    public var helo: String? { view.helo }
    /// The client's end of the connection.
    public var connection: String? { view.connection }
    /// The names of all headers, in their order.
    public var headerNames: [String] { view.headers.compactMap(\.first) }
    /// The types of the mail and of its parts, from the outside in.
    public var partTypes: [String] { view.partTypes }
    /// The body as text, with `\n`.
    public var text: String? { view.text }
    /// The body as HTML, with `\n`.
    public var html: String? { view.html }
    /// What Python's parser had to forgive.
    public var defects: [String] { view.defects }
    /// Without its CRLF.
    public var longestLine: Int { view.longestLine }
    /// CR or LF that is no CRLF.
    public var bareLineBreaks: Int { view.bareLineBreaks }
    private let view: View

    fileprivate init(_ json: String, raw: String) throws {
        view = try JSONDecoder().decode(View.self, from: Data(json.utf8))
        self.raw = raw
    }

    /// The value of the first such header, unfolded and decoded by RFC 2047.
    public func header(_ name: String) -> String? { Self.first(name, in: view.headers) }

    /// The value of the first such header as it stands, folds included.
    public func rawHeader(_ name: String) -> String? { Self.first(name, in: view.rawHeaders) }

    /// One address of a header.
    public struct Address: Hashable, Sendable {
        /// The display name, decoded; empty when there is none.
        public let name: String
        /// `local@domain`.
        public let address: String
    }

    /// The addresses of a header, in their order.
    public func addresses(_ header: String) -> [Address] {
        (view.addresses[header.lowercased()] ?? []).compactMap { pair in
            pair.count == 2 ? Address(name: pair[0], address: pair[1]) : nil
        }
    }

    private static func first(_ name: String, in headers: [[String]]) -> String? {
        headers.first { $0.first?.lowercased() == name.lowercased() }?.last
    }

    /// The script's own names.
    private struct View: Decodable, Sendable {
        let sender: String?
        let recipients: [String]?
        let tls: Bool?
        let user: String?
        let helo: String?
        let connection: String?
        let headers: [[String]]
        let rawHeaders: [[String]]
        let addresses: [String: [[String]]]
        let partTypes: [String]
        let text: String?
        let html: String?
        let defects: [String]
        let longestLine: Int
        let bareLineBreaks: Int

        enum CodingKeys: String, CodingKey {
            case sender = "X-Envelope-From"
            case recipients = "X-Envelope-To"
            case tls, user, helo, connection, headers, addresses, text, html, defects
            case rawHeaders = "raw_headers"
            case partTypes = "part_types"
            case longestLine = "longest_line"
            case bareLineBreaks = "bare_line_breaks"
        }
    }
}

/// Makes the file anew with these bytes.
private func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "we") else { throw TestingError.system(operation: "open \(path)", errno: errno) }
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else {
        throw TestingError.system(operation: "write \(path)", errno: errno)
    }
}
