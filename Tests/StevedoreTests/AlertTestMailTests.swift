import FleetTesting
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Tests of alerts", .timeLimit(.minutes(2)))
struct AlertTestMailTests {
    private static func configuration(_ url: String) throws -> Configuration {
        try Configuration(
            file: nil,
            environment: [
                "STEVEDORE_ALERTS_MAIL_URL": url, "STEVEDORE_ALERTS_MAIL_SECURITY": "none",
                "STEVEDORE_ALERTS_MAIL_FROM": "Stevedore <stevedore@example.com>",
                "STEVEDORE_ALERTS_RULES": """
                {a: {mail: [anna@example.com, gone@example.com]},
                 b: {mail: ANNA@example.com, escalate: {after: 1h, mail: boss@example.com}}}
                """,
            ])
    }

    private static func answers(_ configuration: Configuration) async -> [TestAnswer] {
        let recipients = TestRecipient.all(of: configuration.alertRules)
        return await TestRun(configuration: configuration, recipients: recipients).send(now: .now())
    }

    private static func code(_ answers: [TestAnswer]) -> ProgramError? {
        do throws(ProgramError) {
            try TestRun.judge(answers)
            return nil
        } catch {
            return error
        }
    }

    @Test("each recipient gets one test that says that it is one, and a refusal is shown with the server's words")
    func sends() async throws {
        let mailbox = try await Mailbox(["--refuse", "gone@example.com"])
        let answers = await Self.answers(try Self.configuration(mailbox.url))
        let recipients = answers.map(\.recipient.text)
        #expect(recipients == ["anna@example.com", "gone@example.com", "boss@example.com"])
        #expect(answers.map(\.isTaken) == [true, false, true])
        #expect(answers.map(\.code) == ["ok", "mail.refused", "ok"])
        let mails = try await mailbox.received(atLeast: 2)
        #expect(mails.map(\.recipients) == [["anna@example.com"], ["boss@example.com"]])
        #expect(mails.allSatisfy { $0.html != nil && $0.text?.contains("This is a test.") == true })
        let error = try #require(Self.code(answers))
        #expect(error.exit == .unavailable && error.sentence.contains("1 of 3 recipients"))
    }

    @Test("a mail server that is not there is said for each recipient")
    func unreachable() async throws {
        let mailbox = try await Mailbox()
        try await mailbox.stop()
        let answers = await Self.answers(try Self.configuration(mailbox.url))
        #expect(answers.count == 3 && answers.allSatisfy { !$0.isTaken })
        #expect(Self.code(answers)?.exit == .unavailable)
        #expect(Self.code([]) == nil)
    }

    @Test("without a mail server there is nothing to test")
    func noServer() throws {
        let configuration = try Configuration(file: nil, environment: [:])
        let address = try #require(TestRecipient(mail: "anna@example.com"))
        #expect(throws: ProgramError.self) {
            try TestRun(configuration: configuration, recipients: [address]).check()
        }
    }
}
