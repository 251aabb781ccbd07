/// What `stevedore --help` says beside the list of commands.
enum HelpText {
    static let overview = """
        A new machine, from nothing to orders in the ERP:
          stevedore topology apply
          stevedore up --with-simulator
          stevedore publish orders.ndjson
          stevedore status --watch
          stevedore why W-1001

        Settings come from stevedore.yaml (or --config FILE) and the environment (STEVEDORE_AMQP_URLS …);
        `stevedore config show` lists them all.

        Exit codes: 0 done, 1 failure, 64 usage, 69 broker unavailable, 78 configuration.
        """
}
