import FleetTesting
import MailClient
import Testing

@Suite("What a mail looks like on the wire")
struct RenderingTests {
    /// What no text from outside may break, found by an independent parser and by looking at the bytes.
    private static func read(_ message: MailMessage) async throws -> ReceivedMail {
        let bytes = message.rendered()
        #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0D || $0 == 0x0A })
        #expect(bytes.suffix(2) == [0x0D, 0x0A])
        let mail = try await Mailbox.read(bytes)
        #expect(mail.defects == [])
        #expect(mail.bareLineBreaks == 0)
        #expect(mail.longestLine <= 78)
        return mail
    }

    @Test("text and HTML make one mail with two parts, and each field has its place")
    func alternative() async throws {
        var message = try Letters.message(text: "Grüße\r\nfrom here", html: "<p>Grüße</p>")
        message.inReplyTo = MessageID("first@store.example")
        message.replyTo = NamedAddress(try Letters.address("desk@store.example"))
        let mail = try await Self.read(message)
        #expect(
            mail.headerNames == [
                "Date", "Message-ID", "From", "To", "Reply-To", "Subject", "In-Reply-To", "References",
                "Auto-Submitted", "MIME-Version", "Content-Type",
            ])
        #expect(mail.header("date") == "Thu, 29 Feb 2024 23:59:59 +0000")
        #expect(mail.rawHeader("from") == "Stevedore <alerts@store.example>")
        #expect(mail.header("references") == "<first@store.example>")
        #expect(mail.header("auto-submitted") == "auto-generated")
        #expect(mail.partTypes == ["multipart/alternative", "text/plain", "text/html"])
        #expect(mail.text == "Grüße\nfrom here\n")
        #expect(mail.html == "<p>Grüße</p>\n")
    }

    @Test("without HTML it is one text")
    func plain() async throws {
        let mail = try await Self.read(Letters.message())
        #expect(mail.partTypes == ["text/plain"])
        #expect(mail.text == "Please look.\n")
        #expect(mail.html == nil)
    }

    @Test("the same mail renders the same bytes")
    func stable() throws {
        let message = try Letters.message(subject: "é", html: "<p>x</p>")
        #expect(message.rendered() == message.rendered())
    }

    @Test(
        "a body arrives as it was written, whatever is in it",
        arguments: [
            "", "\n", "\n\n", "no end", ".\n..\n.x\n", "=20 = =\n", "trailing blank \nand tab\t\n", "From here\n",
            String(repeating: "x", count: 5_000) + "\n", String(repeating: "x ", count: 38) + "\n",
            String(repeating: "ü", count: 3_000), String(repeating: "👩‍👩‍👧 ", count: 500), "a\u{0}b\u{1B}[31m\n",
            "--=_0123456789abcdef--\n--=_\n", "\u{202E}evil\n",
        ])
    func bodies(text: String) async throws {
        let mail = try await Self.read(Letters.message(text: text, html: text))
        let isWhole = text.isEmpty || text.hasSuffix("\n")
        #expect(mail.text == (isWhole ? text : text + "\n"))
        #expect(mail.html == (isWhole ? text : text + "\n"))
        #expect(mail.longestLine <= 76)
    }

    @Test("line breaks of any kind become the wire's")
    func lineBreaks() async throws {
        let mail = try await Self.read(Letters.message(text: "a\rb\nc\r\nd\r\r\ne"))
        #expect(mail.text == "a\nb\nc\nd\n\ne\n")
    }

    @Test("a mail that holds a mail's own bytes has another boundary")
    func nested() async throws {
        let inner = String(decoding: try Letters.message(html: "<p>x</p>").rendered(), as: UTF8.self)
        let mail = try await Self.read(Letters.message(text: inner, html: inner))
        #expect(mail.text == inner.replacing("\r\n", with: "\n"))
        #expect(mail.partTypes.count == 3)
    }

    @Test("control characters, line breaks and turned writing never get into a header, and everything else does")
    func hostileHeaders() async throws {
        let evil = "Müller\r\nBcc: victim@store.example\u{0}\u{7F}\u{85}\u{2028}\u{202E}gpj\u{2066} \t👍"
        let inert = "Müller Bcc: victim@store.example gpj 👍"
        let extra = try #require(MailHeader("X-Customer", evil))
        let mail = try await Self.read(
            Letters.message(
                fromName: evil, to: [NamedAddress(Letters.address("ann@store.example"), name: evil)], subject: evil,
                headers: [extra]))
        #expect(mail.header("subject") == inert)
        #expect(mail.header("x-customer") == inert)
        #expect(mail.addresses("from").map(\.name) == [inert])
        #expect(mail.addresses("from").map(\.address) == ["alerts@store.example"])
        #expect(mail.addresses("to").map(\.address) == ["ann@store.example"])
        #expect(mail.header("bcc") == nil)
        #expect(mail.headerNames.count == 9)
    }

    @Test("a subject of 10,000 characters is cut, between Unicode scalars", arguments: ["x", "ü", "👍", "word "])
    func longSubject(piece: String) async throws {
        let mail = try await Self.read(Letters.message(subject: String(repeating: piece, count: 10_000)))
        let subject = try #require(mail.header("subject"))
        #expect(subject.unicodeScalars.count <= MailMessage.longestSubject + 1)
        #expect(subject.unicodeScalars.count > MailMessage.longestSubject - 2)
        #expect(subject.hasPrefix(piece) && subject.hasSuffix("…"))
    }

    @Test("a subject of the longest length is left whole")
    func fullSubject() async throws {
        let text = String(repeating: "a", count: MailMessage.longestSubject)
        let mail = try await Self.read(Letters.message(subject: text))
        #expect(mail.header("subject") == text)
    }

    @Test(
        "a display name is read back as it was, and never as an address",
        arguments: [
            "Ann", "Ann Smith", "Smith, Ann", "Ann \"the\" O\\Neil", "evil@x.example", "<evil@x.example>", "Ann (desk)",
            "=?utf-8?B?ZXZpbA==?=", "Jürgen Groß", "社長", "a, b; c: d", String(repeating: "n", count: 90),
        ])
    func names(name: String) async throws {
        let address = try Letters.address("ann@store.example")
        let mail = try await Self.read(
            Letters.message(fromName: name, to: [NamedAddress(address, name: name), NamedAddress(address)]))
        #expect(mail.addresses("from").map(\.name) == [name])
        #expect(mail.addresses("to").map(\.name) == [name, ""])
        #expect(mail.addresses("to").map(\.address) == ["ann@store.example", "ann@store.example"])
    }

    @Test("many recipients are folded, none is lost, and none at all is said")
    func recipients() async throws {
        let many = try (0..<60).map { number in
            NamedAddress(try Letters.address("person\(number)@store.example"), name: "Person \(number)")
        }
        let mail = try await Self.read(Letters.message(to: many))
        #expect(mail.addresses("to").map(\.address) == many.map(\.address.text))
        let none = try await Self.read(Letters.message(to: []))
        #expect(none.rawHeader("to") == "undisclosed-recipients:;")
    }

    @Test(
        "dates before 1970, at a leap day and beyond the calendar",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_795_815_566, "Fri, 27 Nov 2026 21:39:26 +0000"),
            (Int64.max, "Fri, 31 Dec 9999 23:59:59 +0000"), (Int64.min, "Mon, 01 Jan 1900 00:00:00 +0000"),
        ] as [(Int64, String)])
    func dates(seconds: Int64, text: String) throws {
        var message = try Letters.message()
        message.date = seconds
        let rendered = String(decoding: message.rendered(), as: UTF8.self)
        #expect(rendered.hasPrefix("Date: \(text)\r\n"))
    }
}
