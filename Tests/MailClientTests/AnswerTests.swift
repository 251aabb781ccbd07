import FleetTesting
import MailClient
import Testing

@Suite("Answers of mail servers that are slow, or about the sender", .timeLimit(.minutes(2)))
struct AnswerTests {
    private static func error(_ server: ScriptedServer, timeout: Duration = .seconds(30)) async throws -> MailError? {
        let client = try MailClient(MailServer(url: server.url, security: .plaintext, timeout: timeout))
        let error = try await Letters.failure(client, Letters.message())
        await client.close()
        return error
    }

    @Test("the answer to a whole mail is waited for longer than everything before it")
    func slowAnswer() async throws {
        let server = try await ScriptedServer(["DOT": ("250 kept", 4)])
        let error = try await Self.error(server, timeout: .seconds(1))
        #expect(error == nil)
    }

    @Test("a server that is silent before it has the mail is given up soon, and is known not to have it")
    func silent() async throws {
        let server = try await ScriptedServer(["RCPT": ("250 fine", 300)])
        let error = try await Self.error(server, timeout: .seconds(1))
        #expect(Letters.isNotSent(error, .timedOut))
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test("a refusal is heard though the server never answers the farewell")
    func farewell() async throws {
        let server = try await ScriptedServer(["DOT": ("554 5.6.0 no", 0), "QUIT": ("221 bye", 300)])
        let error = try await Self.error(server, timeout: .seconds(1))
        #expect(error == .refused(code: 554, "5.6.0 no"))
    }

    @Test(
        "a refused sender is a matter of the settings, not of the mail",
        arguments: [
            ("MAIL", "550 5.7.1 not allowed"), ("MAIL", "553 no such sender"), ("RCPT", "550 5.1.8 Bad sender"),
            ("RCPT", "553 5.7.1 <alerts@store.example>: Sender address rejected: not owned by user ann"),
        ])
    func sender(command: String, reply: String) async throws {
        let server = try await ScriptedServer([command: (reply, 0)])
        let error = try await Self.error(server)
        #expect(Letters.isNotSent(error, .senderRefused))
        #expect(error?.sentence.contains(String(reply.prefix(3))) == true)
    }

    @Test("a refused recipient is one all the same")
    func recipient() async throws {
        let server = try await ScriptedServer(["RCPT": ("550 5.1.1 no such mailbox", 0)])
        let error = try await Self.error(server)
        #expect(error == .refused(code: 550, "5.1.1 no such mailbox"))
    }
}
