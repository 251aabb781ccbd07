internal import Fleet

/// Which programs `stevedore up` runs, and how.
struct UpPlan {
    let configuration: Configuration
    let configFile: String?
    let workers: Int
    let withSimulator: Bool
    let simulatorArguments: [String]

    func programs() throws(ProgramError) -> [ChildProgram] {
        var programs: [ChildProgram] = []
        if withSimulator { programs.append(try simulator()) }
        var position = 0
        for name in Self.workerNames {
            let path = try ChildProgram.sibling(name)
            for number in 1..<workers + 1 {
                programs.append(fleetProgram(name, "\(name).\(number)", path, position))
                position += 1
            }
        }
        guard workers > 0 else { return programs }
        for name in Self.singleNames + (configuration.relay.database == nil ? [] : ["outbox-relay"]) {
            programs.append(fleetProgram(name, name, try ChildProgram.sibling(name), position))
            position += 1
        }
        return programs
    }

    /// One worker program per group of flows.
    private static let workerNames = [
        "orders-worker", "inventory-worker", "tracking-worker", "customers-worker", "quotes-worker",
    ]

    /// One is enough: a second one would only stand by.
    private static let singleNames = ["erp-feed", "alerts-worker"]

    private func fleetProgram(_ name: String, _ label: String, _ path: String, _ position: Int) -> ChildProgram {
        var program = ChildProgram(label: label, name: name, path: path)
        if let configFile { program.arguments = ["--config", configFile] }
        // A fixed port serves one process, so the next one takes the next port.
        let port = configuration.healthPort
        if port != 0 { program.environment["STEVEDORE_HEALTH_PORT"] = String(port + position) }
        return program
    }

    private func simulator() throws(ProgramError) -> ChildProgram {
        guard let address = LoopbackAddress(configuration.erpURL) else {
            throw ProgramError(
                code: "up.simulator-elsewhere",
                sentence: "The setting erp.rest.url is \(configuration.erpURL), which the simulator cannot serve.",
                remedy: "Set it to http://127.0.0.1:8090, or start without --with-simulator.", exit: .configuration)
        }
        let folder = configuration.ledgerPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let database = (folder + ["erp-simulator.sqlite"]).joined(separator: "/")
        return ChildProgram(
            label: "erp-simulator", name: "erp-simulator", path: try ChildProgram.sibling("erp-simulator"),
            arguments: ["--host", address.host, "--port", String(address.port), "--database", database]
                + simulatorArguments,
            readySign: "listening on")
    }
}
