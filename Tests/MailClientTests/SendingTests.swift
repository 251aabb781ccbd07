import FleetTesting
import MailClient
import Testing

@Suite("Sending mail to a server without TLS", .timeLimit(.minutes(2)))
struct SendingTests {
    private static func client(_ mailbox: Mailbox, answerTimeout: Duration = .seconds(30)) throws -> MailClient {
        try MailClient(
            MailServer(
                url: mailbox.url, security: .plaintext, heloName: "worker.example", answerTimeout: answerTimeout))
    }

    @Test("a mail arrives as it was written, with its envelope, over one connection for several")
    func plain() async throws {
        let mailbox = try await Mailbox()
        let client = try Self.client(mailbox)
        for name in ["a", "b"] {
            let error = try await Letters.failure(client, Letters.message(name, html: "<p>Please look.</p>"))
            #expect(error == nil)
        }
        await client.close()
        let mails = try mailbox.received()
        try #require(mails.count == 2)
        #expect(mails[0].sender == "alerts@store.example")
        #expect(mails[0].recipients == ["ann@store.example"])
        #expect(mails[0].helo == "worker.example")
        #expect(!mails[0].isOverTLS)
        #expect(mails[0].header("subject") == "Order 4711 is stuck")
        #expect(mails[1].header("message-id") == "<b@store.example>")
        #expect(mails[0].text == "Please look.\n")
        #expect(mails[0].html == "<p>Please look.</p>\n")
        #expect(mails[0].connection == mails[1].connection)
    }

    @Test("one refused recipient of three costs that one only")
    func refusedRecipient() async throws {
        let mailbox = try await Mailbox(["--refuse", "gone@store.example"])
        let client = try Self.client(mailbox)
        let message = try Letters.message()
        var errors: [MailError?] = []
        for recipient in ["ann@store.example", "gone@store.example", "bob@store.example"] {
            errors.append(try await Letters.failure(client, message, to: recipient))
        }
        await client.close()
        #expect(errors[0] == nil)
        #expect(errors[1] == .refused(code: 550, "5.1.1 <gone@store.example>: there is no such mailbox here"))
        #expect(errors[1]?.mayHaveBeenSent == false)
        #expect(errors[2] == nil)
        let recipients = try mailbox.received().map(\.recipients)
        #expect(recipients == [["ann@store.example"], ["bob@store.example"]])
    }

    @Test("a server that refuses everything is heard, word for word")
    func refusesAll() async throws {
        let mailbox = try await Mailbox(["--refuse-all"])
        let client = try Self.client(mailbox)
        let error = try await Letters.failure(client, Letters.message())
        await client.close()
        #expect(error == .refused(code: 554, "5.7.1 This server takes no mail today"))
    }

    @Test("a server that is busy says so, at either place, and takes the mail later", arguments: ["rcpt", "data"])
    func temporary(place: String) async throws {
        let mailbox = try await Mailbox(["--temporary", "1", "--temporary-at", place])
        let client = try Self.client(mailbox)
        let first = try await Letters.failure(client, Letters.message())
        let second = try await Letters.failure(client, Letters.message())
        await client.close()
        #expect(first == .tryLater(code: 451, "4.3.0 Try again later"))
        #expect(first?.mayHaveBeenSent == false)
        #expect(second == nil)
        #expect(try mailbox.received().count == 1)
    }

    @Test("no answer after the mail leaves the outcome unknown, and its late answer is not taken for the next mail's")
    func hang() async throws {
        let mailbox = try await Mailbox(["--hang-after-data"])
        let client = try Self.client(mailbox, answerTimeout: .seconds(2))
        let first = try await Letters.failure(client, Letters.message("first"))
        let second = try await Letters.failure(client, Letters.message("second"), to: "bob@store.example")
        await client.close()
        #expect(Letters.isUnknown(first))
        #expect(first?.mayHaveBeenSent == true)
        #expect(first?.code == "mail.unknown-outcome")
        #expect(second == nil)
        // The first had arrived: sent again, it is recognised by its id.
        let mails = try mailbox.received()
        #expect(mails.map { $0.header("message-id") } == ["<first@store.example>", "<second@store.example>"])
        #expect(mails.first?.connection != mails.last?.connection)
    }

    @Test("a connection that is reset instead of an answer leaves the outcome unknown")
    func drop() async throws {
        let mailbox = try await Mailbox()
        let client = try Self.client(mailbox)
        try mailbox.setFaults(#"{"drop_after_data": 1}"#)
        let error = try await Letters.failure(client, Letters.message())
        await client.close()
        #expect(Letters.isUnknown(error))
        #expect(try mailbox.received().count == 1)
    }

    @Test("a server that went away is known not to have got the mail, also after mails that it took")
    func serverDown() async throws {
        let mailbox = try await Mailbox()
        let client = try Self.client(mailbox)
        let first = try await Letters.failure(client, Letters.message())
        let status = try await mailbox.stop()
        let second = try await Letters.failure(client, Letters.message())
        await client.close()
        #expect(first == nil)
        #expect(status == .exited(0))
        #expect(Letters.isNotSent(second, .connectionRefused))
        #expect(second?.mayHaveBeenSent == false)
    }

    @Test("a name that does not resolve is known not to have got the mail")
    func unresolved() async throws {
        let client = try MailClient(MailServer(url: "smtp://no-such-host.invalid", timeout: .seconds(20)))
        let error = try await Letters.failure(client, Letters.message())
        await client.close()
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test("lines that begin with a dot arrive, wherever libcurl's buffers end")
    func dots() async throws {
        let mailbox = try await Mailbox()
        let client = try Self.client(mailbox)
        let lines = (0..<30_000).map { String(repeating: ".", count: $0 % 5) + "\($0 % 7)" }
        let text = ".\n..\n.\n\n" + lines.joined(separator: "\n") + "\n.\n"
        let message = try Letters.message(text: text)
        let error = try await Letters.failure(client, message)
        await client.close()
        #expect(error == nil)
        let mail = try #require(try mailbox.received().first)
        #expect(mail.text == text)
        #expect(Array(mail.raw.utf8) == message.rendered())
        #expect(mail.raw.utf8.count > 100_000)
    }

    @Test("text from outside changes nothing but the place where it stands")
    func hostile() async throws {
        let mailbox = try await Mailbox()
        let client = try Self.client(mailbox)
        let evil = "x\r\nBcc: victim@store.example\r\n\r\n.\r\nMAIL FROM:<evil@store.example>\r\n"
        let extra = try #require(MailHeader("X-Order", evil))
        let message = try Letters.message(
            fromName: evil, to: [NamedAddress(Letters.address("ann@store.example"), name: evil)], subject: evil,
            text: evil, html: evil, headers: [extra])
        let error = try await Letters.failure(client, message)
        await client.close()
        #expect(error == nil)
        let mails = try mailbox.received()
        #expect(mails.count == 1)
        #expect(mails.first?.recipients == ["ann@store.example"])
        #expect(mails.first?.header("bcc") == nil)
        #expect(mails.first?.defects == [])
    }
}
