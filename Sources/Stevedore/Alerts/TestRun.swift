internal import Fleet
internal import Models

/// Tests of all recipients that were asked for.
struct TestRun {
    let configuration: Configuration
    let recipients: [TestRecipient]

    /// Whether there is what it takes to send at all.
    func check() throws(ProgramError) {
        let isForMail = recipients.contains { $0 != .webhook }
        guard isForMail, configuration.alertMail == nil else { return }
        throw ProgramError(
            code: "alerts.no-mail", sentence: "There is no mail server for alerts.",
            remedy: "Set alerts.mail.url and alerts.mail.from; `stevedore config show` lists them.",
            exit: .configuration)
    }

    /// One after the other, each tried once.
    func send(now: Timestamp) async -> [TestAnswer] {
        var answers: [TestAnswer] = []
        let sender = Operator.name
        if let settings = configuration.alertMail {
            let mail = TestMail(settings: settings, sender: sender, date: now.microseconds / 1_000_000)
            answers = await mail.send(to: recipients.compactMap(\.address), id: { MessageID.next() })
        }
        if recipients.contains(.webhook), let endpoint = configuration.alertWebhook {
            answers.append(await TestPost(endpoint: endpoint, sender: sender, now: now).send())
        }
        return answers
    }

    static func text(_ answers: [TestAnswer]) -> String {
        var table = TextTable([.text("RECIPIENT"), .text("TAKEN"), .text("ANSWER")])
        for answer in answers {
            table.add([answer.recipient.text, answer.isTaken ? "yes" : "no", answer.sentence])
        }
        return table.text()
    }

    static func json(_ answers: [TestAnswer]) -> String { JSONValue.array(answers.map(\.json)).pretty() + "\n" }

    /// An error unless all were taken.
    static func judge(_ answers: [TestAnswer]) throws(ProgramError) {
        let failed = answers.filter { !$0.isTaken }
        guard let first = failed.first else { return }
        let count = Count.text(answers.count, "recipient")
        let sentence =
            failed.count == answers.count
            ? "The test reached nobody of \(count)." : "The test did not reach \(failed.count) of \(count)."
        throw ProgramError(
            code: "alerts.test.failed", sentence: sentence, remedy: first.remedy, exit: .unavailable)
    }
}
