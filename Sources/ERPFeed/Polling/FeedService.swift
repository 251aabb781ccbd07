internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

/// Reads every stream of the ERP, side by side, and looks now and then whether there is another warehouse.
struct FeedService: CompanionService {
    /// As a stream, what warehouses there are.
    private static let warehouses = "warehouses"
    /// Until the ERP is asked for them again.
    private static let pause = Duration.seconds(2)

    private let erp: any ERP
    private let ledger: Ledger
    private let settings: FeedSettings
    private let logger: Logger
    private let pulse: FeedPulse
    private let absence: ChangesAbsence

    init(erp: any ERP, ledger: Ledger, settings: FeedSettings, logger: Logger) {
        self.erp = erp
        self.ledger = ledger
        self.settings = settings
        self.logger = logger
        pulse = FeedPulse(logger: logger)
        absence = ChangesAbsence(
            shared: SharedAbsence(destination: .erpChanges, ledger: ledger, logger: logger), erp: erp)
    }

    func run(_ tools: CompanionTools) async {
        await withDiscardingTaskGroup { group in
            var pollers: [FeedStream: StreamPoller] = [:]
            var unnamed: Set<FeedStream> = []
            var ended: Set<FeedStream> = []
            while !pulse.isStopping, !Task.isCancelled {
                let streams = await streams()
                ended.subtract(streams)
                for stream in streams where pollers[stream] == nil {
                    let poller = poller(of: stream, tools)
                    pollers[stream] = poller
                    group.addTask { await poller.run() }
                }
                if !streams.isEmpty {
                    let missing = await unnamedStreams(beside: streams).subtracting(ended)
                    for stream in missing.intersection(unnamed) {
                        pollers.removeValue(forKey: stream)?.end()
                        if await poller(of: stream, tools).runDown() { ended.insert(stream) }
                    }
                    unnamed = missing
                }
                await pulse.rest(streams.isEmpty ? Self.pause : settings.warehouseInterval)
            }
        }
        await absence.leave()
    }

    private func poller(of stream: FeedStream, _ tools: CompanionTools) -> StreamPoller {
        StreamPoller(
            StreamReader(
                stream: stream, erp: erp, ledger: ledger, tools: tools, settings: settings, absence: absence,
                logger: logger),
            pulse: pulse)
    }

    /// The stock of warehouses that the ERP does not name now; one that it leaves out twice it has no more.
    private func unnamedStreams(beside streams: [FeedStream]) async -> Set<FeedStream> {
        let named = Set(streams.map(\.description))
        do {
            let listed = try await ledger.read { try $0.listedStreams(from: FeedStream.stockPrefix) }
            return Set(listed.filter { !named.contains($0) }.compactMap(FeedStream.init(stock:)))
        } catch {
            await pulse.wait(Self.warehouses, error, for: settings.warehouseInterval, in: ledger)
            return []
        }
    }

    func stop() { pulse.stop() }

    /// All that can be read; nothing while the ERP does not say.
    private func streams() async -> [FeedStream] {
        do {
            let warehouses = try await absence.ask { () async throws(ERPError) in try await erp.warehouses() }
            try await pulse.goOn(Self.warehouses, in: ledger)
            pulse.moved(.beginning(Self.warehouses, .live, now: 0), by: 0)
            return FeedStream.all(warehouses: warehouses)
        } catch let outage as StandingOutage {
            await pulse.sitOut(Self.warehouses, outage, in: ledger)
            return []
        } catch {
            await pulse.wait(Self.warehouses, error, for: Self.pause, in: ledger)
            return []
        }
    }

    /// An ERP that is away is no fault of this program, which waits for it.
    func check() async -> HealthCheck {
        let failures = pulse.failures
        guard let first = failures.min(by: { $0.key < $1.key }) else {
            return HealthCheck(name: "feed", isUp: true, detail: "reading")
        }
        return HealthCheck(
            name: "feed", isUp: true,
            detail: "\(failures.keys.sorted().joined(separator: ", ")) waiting since \(first.value.since): "
                + first.value.reason, state: "paused")
    }

    func samples() async -> [String: [String]] {
        let read = pulse.read.sorted { $0.key < $1.key }
        var samples = [
            "stevedore_feed_changes_read_total": read.map { "{stream=\"\(Self.label($0.key))\"} \($0.value)" }
        ]
        // Left out, not zero, while the ledger does not say.
        if let parked = try? await ledger.read({ try $0.parkedBatchCount()?.count ?? 0 }) {
            samples["stevedore_feed_parked_batches"] = [" \(parked)"]
        }
        return samples
    }

    /// As a label's value, whatever the ERP calls its warehouses.
    private static func label(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
