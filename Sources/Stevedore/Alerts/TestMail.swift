internal import Fleet
internal import MailClient

/// A mail that says of itself that it is a test, sent to one person after another over one connection.
struct TestMail {
    let settings: AlertMailSettings
    /// Who tries it, and from where.
    let sender: String
    /// In seconds since 1970.
    let date: Int64

    /// What the mail server answers for each. `id` makes a new name for a mail.
    func send(to addresses: [MailAddress], id: () -> String) async -> [TestAnswer] {
        guard !addresses.isEmpty else { return [] }
        do throws(MailError) {
            let client = try MailClient(settings.server)
            var answers: [TestAnswer] = []
            for address in addresses { answers.append(await send(to: address, id: id(), client)) }
            await client.close()
            return answers
        } catch {
            return addresses.map { .failed(.mail($0), error.code, error.sentence, error.remedy) }
        }
    }

    private func send(to address: MailAddress, id: String, _ client: MailClient) async -> TestAnswer {
        guard let message = message(to: address, id: id) else {
            return .failed(
                .mail(address), "mail.no-id", "The domain of `alerts.mail.from` makes no message id.",
                "Correct `alerts.mail.from`.")
        }
        do throws(MailError) {
            try await client.send(message, to: address)
            let server = "\(settings.server.host):\(settings.server.port)"
            return .taken(.mail(address), "The mail server \(server) has taken the mail (\(message.messageID)).")
        } catch {
            return .failed(.mail(address), error.code, error.sentence, error.remedy)
        }
    }

    private func message(to address: MailAddress, id: String) -> MailMessage? {
        MessageID(name: id, domain: settings.from.address.domain).map { id in
            MailMessage(
                messageID: id, from: settings.from, to: [NamedAddress(address)],
                subject: "Test: alerts of Stevedore reach you", text: text, html: html, date: date)
        }
    }

    private static let sentences = [
        "This is a test. Nothing has happened, and nothing is left to do.",
        "When something fails between the store and the ERP, mails from this sender say what has happened, what it is "
            + "about and what to do.",
    ]

    private var last: String { "The test was started by \(InertText.line(sender))." }

    private var text: String { (Self.sentences + [last]).joined(separator: "\n\n") + "\n" }

    private var html: String {
        let paragraphs = (Self.sentences + [last]).map { "<p>\(Self.escaped($0))</p>" }
        return "<!DOCTYPE html>\n<html lang=\"en\"><body>\n\(paragraphs.joined(separator: "\n"))\n</body></html>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: String(character)
            }
        }.joined()
    }
}
