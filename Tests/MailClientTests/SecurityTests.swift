import FleetTesting
import MailClient
import Testing

@Suite("Sending mail over TLS and after a login", .timeLimit(.minutes(2)))
struct SecurityTests {
    private static func arguments(_ files: TestCertificates, _ name: String = "server") -> [String] {
        ["--tls-cert", "\(files.directory)/\(name).pem", "--tls-key", "\(files.directory)/\(name).key"]
    }

    /// Sends one mail, and returns why it failed and what arrived.
    private static func send(_ mailbox: Mailbox, _ server: MailServer) async throws -> (MailError?, [ReceivedMail]) {
        let client = try MailClient(server)
        let error = try await Letters.failure(client, Letters.message())
        await client.close()
        return (error, try mailbox.received())
    }

    private static func isDistrusted(_ mailbox: Mailbox, _ server: MailServer) async throws -> Bool {
        Letters.isNotSent(try await send(mailbox, server).0, .tls)
    }

    @Test("STARTTLS, a verified certificate and a login")
    func startTLS() async throws {
        try await TemporaryDirectory.with { directory in
            let files = try await Mailbox.certificates(in: directory)
            let mailbox = try await Mailbox(
                Self.arguments(files) + ["--require-starttls", "--user", "store", "--password", "p:@ /ä"])
            let server = try MailServer(
                url: mailbox.url, user: "store", password: "p:@ /ä", caFile: files.authority)
            let (error, mails) = try await Self.send(mailbox, server)
            #expect(error == nil)
            #expect(mails.first?.isOverTLS == true)
            #expect(mails.first?.user == "store")
        }
    }

    @Test("TLS from the first byte")
    func implicitTLS() async throws {
        try await TemporaryDirectory.with { directory in
            let files = try await Mailbox.certificates(in: directory)
            let mailbox = try await Mailbox(Self.arguments(files) + ["--implicit-tls"])
            let (error, mails) = try await Self.send(mailbox, MailServer(url: mailbox.url, caFile: files.authority))
            #expect(error == nil)
            #expect(mails.first?.isOverTLS == true)
        }
    }

    @Test(
        "a certificate of a stranger, for another host or out of date gets no mail",
        arguments: ["stranger", "wrong-host", "expired"])
    func wrongCertificate(name: String) async throws {
        try await TemporaryDirectory.with { directory in
            let files = try await Mailbox.certificates(in: directory)
            for mode in [[], ["--implicit-tls"]] {
                let mailbox = try await Mailbox(Self.arguments(files, name) + mode)
                let server = try MailServer(url: mailbox.url, caFile: files.authority)
                // The expired one has expired a second after it was made.
                try await eventually("a refusal of the certificate") { try await Self.isDistrusted(mailbox, server) }
                let before = try mailbox.received().count
                let (error, mails) = try await Self.send(mailbox, server)
                #expect(Letters.isNotSent(error, .tls))
                #expect(mails.count == before)
                #expect(name == "expired" || mails.isEmpty)
            }
        }
    }

    @Test("a server without STARTTLS gets no mail in the clear")
    func noStartTLS() async throws {
        let mailbox = try await Mailbox()
        let (error, mails) = try await Self.send(mailbox, MailServer(url: mailbox.url))
        #expect(Letters.isNotSent(error, .starttlsNotOffered))
        #expect(mails.isEmpty)
    }

    @Test("a wrong password, or none where one is wanted, is a login refused", arguments: ["wrong", nil] as [String?])
    func login(password: String?) async throws {
        let mailbox = try await Mailbox(["--user", "store", "--password", "right"])
        let server = try MailServer(
            url: mailbox.url, security: .plaintext, user: password.map { _ in "store" }, password: password)
        let (error, mails) = try await Self.send(mailbox, server)
        #expect(Letters.isNotSent(error, .loginRefused))
        #expect(error?.sentence.contains(password ?? "right") == false)
        #expect(mails.isEmpty)
    }

    @Test("a server that wants STARTTLS first is not given a mail without")
    func startTLSWanted() async throws {
        try await TemporaryDirectory.with { directory in
            let files = try await Mailbox.certificates(in: directory)
            let mailbox = try await Mailbox(Self.arguments(files) + ["--require-starttls"])
            let (error, mails) = try await Self.send(mailbox, MailServer(url: mailbox.url, security: .plaintext))
            #expect(Letters.isNotSent(error, .loginRefused))
            #expect(mails.isEmpty)
        }
    }
}
