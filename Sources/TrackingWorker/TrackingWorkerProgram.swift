internal import ArgumentParser
internal import Fleet

/// The program `tracking-worker`.
@main
struct TrackingWorkerProgram: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracking-worker",
        abstract: "Brings shipments and their tracking numbers to the store.",
        discussion: """
            Consumes tracking.to-store and writes the tables that the store reads. Start as many as you like: the newest \
            revision of a shipment wins whatever the order of arrival. A shipment that comes before its order waits for it \
            in the retry queues; if the order never comes it is a dead letter. storefront.tracking-links says where a \
            carrier's parcels can be followed; the worker that started last decides for all shipments.

            Examples:
              tracking-worker
              tracking-worker --config /etc/stevedore.yaml

            SIGTERM finishes what is in hand and exits with 0; a second signal exits at once.
            Exit codes: 0 stopped, 1 failure, 64 usage, 69 unavailable, 78 configuration.
            """,
        version: FleetVersion.current)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func run() async {
        await ProgramLauncher.serve("tracking-worker") { () throws(ProgramError) in
            try await buildTrackingWorker(ProgramLauncher.configuration(file: config))
        }
    }
}
