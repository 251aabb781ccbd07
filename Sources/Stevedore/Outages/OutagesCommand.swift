internal import ArgumentParser

/// `stevedore outages`.
struct OutagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outages", abstract: "What was or is out of reach: why, what waits, when that is worked off.",
        discussion: """
            An outage is one record for the whole fleet. Workers pause what they would call for, one of them asks \
            whether the other side is back, and nothing is lost meanwhile. A planned one is the same, without alarms.

            Examples:
              stevedore outages
              stevedore outages show --watch
              stevedore outages show 3 --html outage.html
              stevedore outages plan --from 22:00 --for 3h --because "The ERP is upgraded."
              stevedore outages close --because "IT says that it is back"

            Exit codes: 0 done, 1 no such outage or window, 64 usage, 69 ledger busy, 78 configuration.
            """,
        subcommands: [
            OutagesListCommand.self, OutagesShowCommand.self, OutagesPlanCommand.self, OutagesCloseCommand.self,
        ], defaultSubcommand: OutagesListCommand.self)
}
