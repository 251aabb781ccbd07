internal import Fleet
internal import RabbitMQ
#if canImport(Glibc)
    internal import Glibc
#endif

/// Every setting with its effective value, secrets hidden.
struct EffectiveSettings {
    private let rows: [(key: ConfigurationKey, value: String, origin: String)]

    init(_ settings: SettingsOptions) {
        let standard = "stevedore.yaml"
        let file = settings.config ?? (access(standard, R_OK) == 0 ? standard : nil)
        let effective = Configuration.effective(file: file, environment: ProgramLauncher.environment)
        let broker = Self.broker(settings)
        rows = zip(ConfigurationKey.all, effective).map { key, setting in
            (key, key.name == "amqp.urls" ? broker ?? setting.value : setting.value, setting.origin)
        }
    }

    /// What is wrong with the settings; nil when nothing is. The broker's addresses are read by the broker's module, which
    /// has its own faults to name.
    static func fault(_ settings: SettingsOptions) -> (error: ProgramError, isOfWholeFile: Bool)? {
        do {
            let configuration = try Configuration(file: settings.config, environment: ProgramLauncher.environment)
            _ = try BrokerDesk.configuration(configuration, "stevedore")
            return nil
        } catch let error as ConfigurationError {
            return (ProgramError(error), error.faults.contains(where: \.isOfWholeFile))
        } catch let error as ProgramError {
            return (error, false)
        } catch {
            return (ProgramError.unexpected(error), false)
        }
    }

    /// Why no worker of this user could write the ledger where it is to be; nil when one could.
    static func ledgerFault(_ path: String) -> ProgramError? {
        let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
        // The log lies beside the file, so that the folder has to be writable too.
        let places = access(path, F_OK) == 0 ? [path, folder] : [folder]
        for place in places where access(place, place == folder ? W_OK | X_OK : R_OK | W_OK) != 0 {
            return ProgramError(
                code: "configuration.ledger",
                sentence: "The ledger \(path) cannot be written: \(place): \(String(cString: strerror(errno))).",
                remedy: "Set `ledger.path` to a file in a folder that the workers' user may write.",
                exit: .configuration)
        }
        return nil
    }

    func text(json isJSON: Bool) -> String {
        isJSON ? json.pretty() + "\n" : table.text(width: Terminal.width(of: .output))
    }

    /// The broker's addresses without passwords, when they can be read: what a person looks for first.
    private static func broker(_ settings: SettingsOptions) -> String? {
        (try? settings.load()).flatMap { try? BrokerDesk.configuration($0, "stevedore") }?.description
    }

    private var table: TextTable {
        var table = TextTable([.text("SETTING"), .text("VALUE"), .text("FROM"), .text("WHAT IT IS")])
        for row in rows {
            // A section in one line would push everything else off the screen; JSON has it whole.
            let value = row.key.kind == .section ? InertText.cut(row.value, to: 60) : row.value
            table.add([row.key.name, value, row.origin, row.key.summary])
        }
        return table
    }

    private var json: JSONValue {
        .array(
            rows.map { row in
                [
                    "setting": .string(row.key.name), "value": .string(row.value), "from": .string(row.origin),
                    "variable": .string(row.key.environmentVariable), "secret": .boolean(row.key.isSecret),
                    "summary": .string(row.key.summary),
                ]
            })
    }
}
