internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ
internal import Storefront
#if canImport(Glibc)
    internal import Glibc
#endif

/// Gathers a ``FleetStatus`` from the broker and, where it is at hand, the ledger.
struct StatusReader {
    let configuration: Configuration

    func read() async throws(ProgramError) -> FleetStatus {
        let queues = try await queueStatuses()
        let ledger = try await ledgerStatus()
        let (totals, trouble) = try await totals()
        let broker = try BrokerDesk.configuration(configuration, "stevedore")
        return FleetStatus(
            now: Timestamp.now().microseconds, broker: broker.description,
            flows: FleetTopology.flows.map { flow($0, queues, totals, ledger) },
            unrouted: queues[FleetTopology.unroutedQueue]?.messageCount,
            missingQueues: TopologyPlan.fleet().queues.map(\.name).filter { queues[$0] == nil },
            ledgerPath: configuration.ledgerPath, ledger: ledger, managementTrouble: trouble,
            questions: FleetTopology.questionQueues.map { queue in
                FleetStatus.QuestionStatus(
                    queue: queue, waiting: queues[queue]?.messageCount, consumers: queues[queue]?.consumerCount ?? 0)
            })
    }

    /// By queue, and why the management plugin did not tell. It only adds to what AMQP tells, so that a plugin which does
    /// not answer costs no more than a sentence.
    private func totals() async throws(ProgramError) -> ([String: Int], trouble: String?) {
        guard let plugin = try ManagementAPI(configuration, address: nil) else { return ([:], nil) }
        do throws(ProgramError) {
            return (try await plugin.queueTotals(), nil)
        } catch {
            return ([:], error.sentence)
        }
    }

    private func queueStatuses() async throws(ProgramError) -> [String: Topology.QueueStatus] {
        try await BrokerDesk.withAdmin(configuration, "stevedore-status") { admin throws(BrokerError) in
            var statuses: [String: Topology.QueueStatus] = [:]
            for queue in TopologyPlan.fleet().queues {
                statuses[queue.name] = try await admin.status(ofQueue: queue.name)
            }
            return statuses
        }
    }

    private func flow(
        _ flow: String, _ queues: [String: Topology.QueueStatus], _ totals: [String: Int],
        _ ledger: FleetStatus.LedgerStatus?
    ) -> FleetStatus.FlowStatus {
        let tiers = RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) }
        let ready = tiers.reduce(0) { $0 + (queues[$1]?.messageCount ?? 0) }
        let held = tiers.reduce(0) { $0 + max(0, (totals[$1] ?? 0) - (queues[$1]?.messageCount ?? 0)) }
        return FleetStatus.FlowStatus(
            flow: flow, ready: queues[flow]?.messageCount, workers: queues[flow]?.consumerCount ?? 0,
            retrying: ready + held, held: held,
            deadLetters: queues[FleetTopology.deadQueue(flow)]?.messageCount ?? 0,
            oldestDeadLetter: ledger?.causes.filter { $0.flow == flow }.map(\.oldest).min(),
            position: ledger?.positions.first { $0.queue == flow },
            pauses: ledger?.pauses.filter { $0.queue == flow } ?? [],
            // What is not seen while others wait may wait among them, and what is counted need not be guessed.
            overdue: queues[flow]?.messageCount == 0 && held == 0 ? ledger?.overdue[flow] : nil)
    }

    private func ledgerStatus() async throws(ProgramError) -> FleetStatus.LedgerStatus? {
        guard access(configuration.ledgerPath, F_OK) == 0 else { return nil }
        do {
            let ledger = try Ledger.openReadOnly(path: configuration.ledgerPath)
            let now = Timestamp.now().microseconds
            var status = try await ledger.read { snapshot in
                FleetStatus.LedgerStatus(
                    outbox: try snapshot.outboxCount(), oldestOutbox: try snapshot.oldestOutbox(),
                    causes: try snapshot.openCauses(), positions: try FlowPosition.all(snapshot),
                    webhook: try WebhookBacklog(snapshot, now: now), feed: try snapshot.feedStatus(now: now),
                    alerts: try snapshot.alertCounts(), overdue: try snapshot.overdueRetries(now: now))
            }
            status.pauses = try await FlowPause.all(ledger)
            await ledger.close()
            return status
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }
}

extension LedgerSnapshot {
    /// Open alerts by severity, the worst first; none before an alerts-worker has run.
    fileprivate func alertCounts() throws -> [FleetStatus.AlertCount] {
        guard try AlertTables.areThere(self) else { return [] }
        let open = Dictionary(grouping: try alerts(), by: \.alert.severity)
        return open.sorted { $1.key < $0.key }.map { severity, records in
            FleetStatus.AlertCount(
                severity: severity.rawValue, open: records.count, unattended: records.count { !$0.isAttended })
        }
    }

    /// Open dead letters by flow and code.
    fileprivate func openCauses() throws -> [FleetStatus.Cause] {
        try query(
            """
            SELECT flow, code, count(*), min(first_failed_at) FROM dead_letter WHERE state = 'open'
            GROUP BY flow, code ORDER BY flow, count(*) DESC, code
            """
        ) { row in
            FleetStatus.Cause(
                flow: row.text(0), code: row.text(1), count: Int(row.integer(2)), oldest: row.integer(3))
        }
    }
}
