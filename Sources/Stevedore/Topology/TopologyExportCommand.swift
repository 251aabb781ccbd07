internal import ArgumentParser
internal import Fleet
internal import RabbitMQ

/// `stevedore topology export`.
struct TopologyExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a RabbitMQ definitions file: topology and policies, on request users and permissions.",
        discussion: """
            For brokers whose set-up is managed as files. Contains no secrets. Importing it again is harmless, \
            except with --with-users: that creates one least-privilege user per program without a password, and \
            TAKES THE PASSWORD AWAY from those that exist. Use it once, then set passwords with `rabbitmqctl \
            change_password`; afterwards --with-permissions brings the permissions up to date and leaves users and \
            passwords alone.

            Examples:
              stevedore topology export > definitions.json
              stevedore topology export --with-users > first.json
              stevedore topology export --vhost shop --flow-limit 4096 > definitions.json
              rabbitmqctl import_definitions definitions.json
            """)

    @OptionGroup var settings: SettingsOptions

    @Option(help: "The virtual host; else that of the configured broker address.")
    var vhost: String?

    @Option(help: "Most MiB that one flow or retry queue may hold: about three times what arrives in 24 hours.")
    var flowLimit = 2_048

    @Flag(help: "Also the users, without passwords; importing takes the passwords of existing ones away.")
    var withUsers = false

    @Flag(help: "Also the permissions of the users, who must exist when it is imported.")
    var withPermissions = false

    func validate() throws {
        guard (1...1_048_576).contains(flowLimit) else {
            throw ValidationError("--flow-limit is from 1 to 1048576 MiB, not \(flowLimit)")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let definitions = BrokerDefinitions(
                vhost: try chosenVhost(), plan: .fleet(), users: LeastPrivilege.users(), definesUsers: withUsers,
                permits: withPermissions, flowLimit: Int64(flowLimit) << 20)
            Terminal.say(definitions.json.pretty())
            guard withUsers else { return }
            let names = definitions.users.map(\.name).joined(separator: ", ")
            remark(
                "importing this takes the password of \(names) away, if they have one. "
                    + "Set one with `rabbitmqctl change_password NAME`.")
        }
    }

    private func chosenVhost() throws(ProgramError) -> String {
        if let vhost { return vhost }
        return try BrokerDesk.configuration(settings.load(), "stevedore").endpoints.first?.vhost ?? "/"
    }
}
