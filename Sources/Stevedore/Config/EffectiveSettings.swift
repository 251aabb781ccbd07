internal import Fleet
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
        rows = zip(ConfigurationKey.all, effective).map { ($0, $1.value, $1.origin) }
    }

    func text(json isJSON: Bool) -> String {
        isJSON ? json.pretty() + "\n" : table.text(width: Terminal.width(of: .output))
    }

    private var table: TextTable {
        var table = TextTable([.text("SETTING"), .text("VALUE"), .text("FROM"), .text("WHAT IT IS")])
        for row in rows { table.add([row.key.name, row.value, row.origin, row.key.summary]) }
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
