/// The longer texts of `--help`.
enum HelpText {
    static let program = """
        A store writes a row into the table stevedore_outbox of its own database, in the transaction that changes its \
        order. This program publishes the rows with confirms, those of one subject in the order in which they were \
        written, and marks each once the broker has it. While the broker is away the store goes on; what was written \
        meanwhile is published when it is back. A second one on the same database stands by.

        Examples:
          outbox-relay schema | sqlite3 shop.db
          STEVEDORE_RELAY_DATABASE=shop.db outbox-relay
          outbox-relay run --config /etc/stevedore.yaml
          outbox-relay status
          outbox-relay retry 17 18

        SIGTERM waits for the confirms of what is in flight and exits with 0; a second signal exits at once.
        Exit codes: 0 stopped or done, 1 failure, 64 usage, 69 unavailable, 78 configuration.
        """
}
