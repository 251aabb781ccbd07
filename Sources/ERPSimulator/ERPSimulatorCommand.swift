import ArgumentParser
import ERPSimulatorCore

/// `erp-simulator`.
@main
struct ERPSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erp-simulator",
        abstract: "A small ERP over HTTP that fails on demand.",
        discussion: HelpText.discussion,
        version: "0.1.0")

    @OptionGroup var flags: SimulatorFlags

    func run() async throws {
        do {
            let simulator = try Simulator(try flags.options()) { Announcement.print($0) }
            try await simulator.run(mindingSignals: true)
        } catch let error as SimulatorError {
            Announcement.complain(error)
            throw ExitCode(error.exitCode)
        }
    }
}
