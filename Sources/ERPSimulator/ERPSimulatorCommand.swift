import ArgumentParser
import ERPSimulatorCore
import FoundationEssentials

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
            let options = try flags.options(environment: ProcessInfo.processInfo.environment)
            let simulator = try Simulator(options) {
                Announcement.print(control: $0)
            } onReady: {
                Announcement.print($0)
            }
            try await simulator.run(mindingSignals: true)
        } catch let error as SimulatorError {
            Announcement.complain(error)
            throw ExitCode(error.exitCode)
        }
    }
}
