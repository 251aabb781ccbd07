internal import ArgumentParser

/// How fast the fleet is, against programs in C that do the same with the same libraries; started by scripts/bench.
@main
struct FleetBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet-bench", abstract: "Measures the fleet; scripts/bench sets up what it needs.",
        subcommands: [CompareCommand.self, ConsumeLane.self, CopiesLane.self, PublishLane.self],
        defaultSubcommand: CompareCommand.self)
}
