import ERPSimulatorCore

extension SimulatorOptions {
    /// On a port that is not given to whoever asks for any port, so that a simulator still finds it after an outage.
    static func onKeptPort() -> SimulatorOptions {
        var options = SimulatorOptions()
        repeat { options.port = .random(in: 12_000..<32_000) } while PortThief(port: options.port) == nil
        return options
    }
}
