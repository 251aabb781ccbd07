/// What `dead-letter --help` says beside the list of commands.
enum HelpText {
    static let overview = """
        A dead letter is a message, byte for byte as it came, with the reason why it could not be handled. Correct the
        cause, then replay it; replaying too often does no harm, because the newest revision of an object wins.

        Examples:
          dead-letter groups
          dead-letter list --newer 2h
          dead-letter show 019ca9e6-1400-7000-8000-000000000001
          dead-letter edit 019ca9e6-1400-7000-8000-000000000001 --patch fix.json --reason "agreed with the buyer"
          dead-letter replay --all --code sku.unknown --reason "product FST-0099 added to the ERP"
          dead-letter recipes save unit-mtr --patch fix.json --note "the shop says metres, the ERP MTR"
          dead-letter replay --all --fingerprint 9f86d081 --recipe unit-mtr --reason "unit as agreed"

        Exit codes: 0 done, 1 failure, 64 usage, 69 broker unavailable, 78 configuration.
        """
}
