internal import Fleet
internal import HTTPClient
internal import Ledger
internal import Logging
internal import MailClient
internal import Storefront

extension Courier {
    /// The courier that the configuration asks for. Connects to nothing yet.
    static func build(
        _ configuration: Configuration, _ ledger: Ledger, _ logger: Logger
    ) throws(ProgramError) -> Courier {
        var settings = CourierRoute.Settings()
        settings.lease = configuration.lease
        return Courier(
            ledger: ledger, mail: try mail(configuration.alertMail), webhook: try post(configuration.alertWebhook),
            settings: settings, logger: logger)
    }

    static func mail(_ settings: AlertMailSettings?) throws(ProgramError) -> (any AlertCarrier)? {
        guard let settings else { return nil }
        do throws(MailError) {
            return MailCarrier(client: try MailClient(settings.server), from: settings.from)
        } catch {
            throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
        }
    }

    static func post(_ endpoint: WebhookEndpoint?) throws(ProgramError) -> (any AlertCarrier)? {
        guard let endpoint else { return nil }
        do throws(HTTPError) {
            return AlertPost(endpoint: endpoint, client: try HTTPClient())
        } catch {
            throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
        }
    }
}
