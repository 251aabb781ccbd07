internal import ArgumentParser

/// `dead-letter groups`.
struct GroupsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups", abstract: "Dead letters by cause: how many, since when, and what people say of it.",
        discussion: """
            Letters of one flow, type and code whose details differ only in numbers and names are one group; its name \
            is their fingerprint, and its beginning will do. A group can be given a note and a person who looks after \
            it. While it is silenced, lists of groups leave it out; its letters stay as they are.

            Examples:
              dead-letter groups
              dead-letter groups --flow orders.to-erp --newer 1d
              dead-letter groups --state all --silenced --json
              dead-letter groups show 0083126e978d4fdf
              dead-letter groups annotate 0083126e "the supplier sends the new price list on Monday"
              dead-letter groups assign 0083126e anna
              dead-letter groups silence 0083126e --until 2d

            Exit codes: 0 done, 1 no or more than one such group, 64 usage, 69 broker unavailable, 78 configuration.
            """,
        subcommands: [
            GroupsListCommand.self, GroupsShowCommand.self, GroupsAnnotateCommand.self, GroupsAssignCommand.self,
            GroupsSilenceCommand.self,
        ], defaultSubcommand: GroupsListCommand.self)
}
