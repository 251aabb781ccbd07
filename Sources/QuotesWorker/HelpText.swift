/// The part of `--help` that options can not say of themselves.
enum HelpText {
    static let program = """
        Takes questions from quotes.to-erp, each with the queue for its answer (reply-to) and the time that its asker \
        waits (expiration, in milliseconds), and answers every one within that time: live from the ERP while it answers, \
        else by what it said before, else by the tables in the settings. Every figure says what it rests on. Start as \
        many as you like.

        Examples:
          quotes-worker
          quotes-worker --config /etc/stevedore.yaml
          STEVEDORE_QUOTES_AVAILABILITY=cached quotes-worker
          stevedore quote --account C-10008 --line FST-0001=20

        SIGTERM answers what is in hand and exits with 0; a second signal exits at once.
        Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
        """
}
