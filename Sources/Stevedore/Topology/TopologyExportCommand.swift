internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology export`.
struct TopologyExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes a RabbitMQ definitions file: topology, users, permissions, policies.",
        discussion: """
            For brokers whose set-up is managed as files. Contains no secrets: the users have no passwords, and cannot log
            in with one, until you give them one with `rabbitmqctl change_password`.

            Examples:
              stevedore topology export > definitions.json
              stevedore topology export --vhost shop --flow-limit 4096 > definitions.json
              rabbitmqctl import_definitions definitions.json
            """)

    @OptionGroup var settings: SettingsOptions

    @Option(help: "The virtual host; else that of the configured broker address.")
    var vhost: String?

    @Option(help: "Most MiB that one flow or retry queue may hold: about three times what arrives in 24 hours.")
    var flowLimit = 2_048

    func validate() throws {
        guard (1...1_048_576).contains(flowLimit) else {
            throw ValidationError("--flow-limit is from 1 to 1048576 MiB, not \(flowLimit)")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let definitions = BrokerDefinitions(
                vhost: try chosenVhost(), plan: .fleet(), users: LeastPrivilege.users(),
                flowLimit: Int64(flowLimit) << 20)
            Terminal.say(definitions.json.pretty())
            let names = definitions.users.map(\.name).joined(separator: ", ")
            remark("these users have no password yet: \(names). Set one with `rabbitmqctl change_password NAME`.")
        }
    }

    private func chosenVhost() throws(ProgramError) -> String {
        if let vhost { return vhost }
        return try BrokerDesk.configuration(settings.load(), "stevedore").endpoints.first?.vhost ?? "/"
    }
}
