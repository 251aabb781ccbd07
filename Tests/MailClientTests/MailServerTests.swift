import MailClient
import Testing

@Suite("Settings of a mail server")
struct MailServerTests {
    private static func fault(_ url: String, _ security: MailServer.Security? = nil, user: String? = nil) -> String? {
        do {
            _ = try MailServer(url: url, security: security, user: user, password: user.map { _ in "secret" })
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test("the URL says where, and TLS is what is meant unless something else is said")
    func places() throws {
        let plain = try MailServer(url: "smtp://mail.store.example")
        #expect(plain.host == "mail.store.example" && plain.port == 25 && plain.security == .starttls)
        let implicit = try MailServer(url: "smtps://mail.store.example/")
        #expect(implicit.port == 465 && implicit.security == .tls)
        let bracketed = try MailServer(url: "smtp://[::1]:2525", security: MailServer.Security.plaintext)
        #expect(bracketed.host == "::1" && bracketed.port == 2525 && bracketed.security == .plaintext)
        #expect("\(bracketed)" == "smtp://[::1]:2525/")
    }

    @Test(
        "what is no address of a mail server is named",
        arguments: [
            "", "mail.store.example", "http://x.example", "SMTP://x.example", "smtp://", "smtp://:25",
            "smtp://x.example:", "smtp://x.example:0", "smtp://x.example:65536", "smtp://x.example:2a",
            "smtp://x.example/path", "smtp://user:secret@x.example", "smtp://x y", "smtp://x\r\n", "smtp://[::1",
            "smtp://[mail]:25", "smtp://[::1]25",
        ])
    func badURLs(url: String) {
        let sentence = Self.fault(url)
        #expect(sentence != nil)
        #expect(sentence?.contains("secret") != true)
    }

    @Test("smtps is TLS from the first byte and nothing else is")
    func contradictions() {
        #expect(Self.fault("smtps://x.example", .starttls) != nil)
        #expect(Self.fault("smtps://x.example", MailServer.Security.plaintext) != nil)
        #expect(Self.fault("smtp://x.example", .tls) != nil)
    }

    @Test("a login goes in the clear to this machine only")
    func plaintextLogin() {
        let none = MailServer.Security.plaintext
        for url in ["smtp://localhost", "smtp://127.0.0.1:2525", "smtp://127.8.9.1", "smtp://[::1]"] {
            #expect(Self.fault(url, none, user: "store") == nil, "\(url)")
        }
        for url in ["smtp://mail.store.example", "smtp://127.0.0.1.x.example", "smtp://10.0.0.1", "smtp://[::2]"] {
            #expect(Self.fault(url, none, user: "store") != nil, "\(url)")
            #expect(Self.fault(url, none) == nil, "\(url)")
            #expect(Self.fault(url, .starttls, user: "store") == nil, "\(url)")
        }
    }

    @Test("half a login, a NUL in it, a name that is none and no time at all are refused")
    func others() {
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", user: "store") }
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", password: "p") }
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", user: "a\u{0}b", password: "p") }
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", heloName: "a\r\nRSET") }
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", timeout: .zero) }
        #expect(throws: MailError.self) { try MailServer(url: "smtp://x.example", answerTimeout: .zero) }
    }

    @Test("no description shows the password")
    func secrets() throws {
        let server = try MailServer(url: "smtps://x.example", user: "store", password: "hunter2")
        #expect(!"\(server) \(String(reflecting: server))".contains("hunter2"))
    }
}
