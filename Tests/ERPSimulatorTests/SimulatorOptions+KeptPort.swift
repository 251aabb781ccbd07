import ERPSimulatorCore
import FleetTesting

extension SimulatorOptions {
    /// On a port that a simulator still finds after an outage.
    static func onKeptPort() throws -> SimulatorOptions {
        var options = SimulatorOptions()
        options.port = try KeptPort.next()
        return options
    }
}
