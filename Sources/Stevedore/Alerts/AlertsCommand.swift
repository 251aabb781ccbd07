internal import ArgumentParser

/// `stevedore alerts`.
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "What people have to know: which alerts there are, and who is told of them.",
        discussion: """
            One alert stands for all failures of one cause. The alerts-worker tells people by the rules of \
            alerts.rules, by mail and webhook; it sends what is due when the mail server is there again.

            Examples:
              stevedore alerts
              stevedore alerts show dead-letter/5f1d7a90
              stevedore alerts acknowledge 5f1d7a90 --note "asked purchasing for the SKU"
              stevedore alerts resend --all-refused --note "the mailbox is there again"
              stevedore alerts rules --example code=sku.unknown,category=rejected,severity=error
              stevedore alerts test --to anna@example.com

            Exit codes: 0 done, 1 no or more than one such alert, 64 usage, 69 a test could not be sent, 78 \
            configuration.
            """,
        subcommands: [
            AlertsListCommand.self, AlertsShowCommand.self, AlertsAcknowledgeCommand.self, AlertsResendCommand.self,
            AlertsRulesCommand.self, AlertsTestCommand.self,
        ], defaultSubcommand: AlertsListCommand.self)
}
