internal import Fleet
internal import FoundationEssentials
internal import Models
internal import RabbitMQ
#if canImport(Glibc)
    internal import Glibc
#endif

/// Looks at the queues of a rehearsal, over a connection that is made again when the broker was away.
struct RehearsalGauge: Sendable {
    private let admin: BrokerAdmin
    static let orders = Catalogue.orderPlaced.queue

    init(_ broker: RehearsalBroker) throws(ProgramError) { admin = try BrokerDesk.admin(broker.configuration) }

    func close() async { await admin.close() }

    /// Messages that wait for the ERP, those that are to be tried again among them; nil while the broker is away.
    func backlog() async -> Int? {
        let tiers = RetryTier.allCases.map { FleetTopology.retryQueue(Self.orders, $0) }
        return await count([Self.orders] + tiers)
    }

    /// Messages that wait to be worked off anywhere, but for alerts, which come whenever they like; nil while the broker is
    /// away.
    func waiting() async -> Int? {
        let flows = FleetTopology.flows.filter { $0 != Catalogue.alertRaised.queue }
        let tiers = flows.flatMap { flow in RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) } }
        return await count(flows + tiers)
    }

    /// What nobody wanted or could handle.
    func lost() async -> (deadLetters: Int, unrouted: Int)? {
        guard let dead = await count(FleetTopology.flows.map { FleetTopology.deadQueue($0) }),
            let unrouted = await count([FleetTopology.unroutedQueue])
        else { return nil }
        return (dead, unrouted)
    }

    /// How many workers wait for a queue's messages.
    func consumers(of queue: String) async -> Int? { await status(queue)?.consumerCount }

    /// The most often that one of the oldest waiting messages came back from a worker. What workers held when the ERP went
    /// stands first in the queue, so it is among them.
    func mostReturns() async -> Int? {
        do throws(BrokerError) {
            let deliveries = try await admin.take(upTo: 300, queue: Self.orders)
            let counts = deliveries.map { $0.properties.headers["x-delivery-count"]?.integer ?? 0 }
            // They go back to the queue with the connection.
            await admin.close()
            return counts.max().map { Int(clamping: $0) } ?? 0
        } catch {
            return nil
        }
    }

    /// Queues that are not there hold nothing.
    private func count(_ queues: [String]) async -> Int? {
        do throws(BrokerError) {
            var total = 0
            for queue in queues { total += try await admin.status(ofQueue: queue)?.messageCount ?? 0 }
            return total
        } catch {
            return nil
        }
    }

    private func status(_ queue: String) async -> Topology.QueueStatus? {
        do throws(BrokerError) { return try await admin.status(ofQueue: queue) } catch { return nil }
    }
}

/// How much a folder holds.
enum FolderSize {
    /// The bytes of its files; 0 when it is gone.
    static func bytes(_ path: String) -> Int {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return sum }
            // What is allocated, for a log may be reserved in advance.
            return sum + Int(status.st_blocks) * 512
        }
    }
}
