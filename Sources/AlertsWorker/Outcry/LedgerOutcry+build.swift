internal import Fleet
internal import Ledger
internal import Logging
internal import Storefront

extension LedgerOutcry {
    /// What the configuration asks for. Has carriers of its own: those of the ``Courier`` may be busy.
    static func build(
        _ configuration: Configuration, _ ledger: Ledger, _ logger: Logger
    ) throws(ProgramError) -> LedgerOutcry {
        var carriers: [AlertNotice.Channel: any AlertCarrier] = [:]
        carriers[.mail] = try Courier.mail(configuration.alertMail)
        carriers[.webhook] = try Courier.post(configuration.alertWebhook)
        return LedgerOutcry(
            path: configuration.ledgerPath, pulse: LedgerPulse(ledger),
            planner: NoticePlanner(rules: configuration.alertRules, webhook: configuration.alertWebhook?.url.text),
            carriers: carriers, logger: logger, patience: min(configuration.alertOutageAfter, patience))
    }
}
