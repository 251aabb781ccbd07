internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// What a person waits for who has many dead letters: their causes, of a million, and replaying them, against publishing as many.
struct LettersBenchmark {
    let bench: Bench

    private static let letters = 1_000_000
    private static let causes = 1_000

    func measure() async throws -> [Measurement] { try await groups() + replay() }

    // MARK: - Causes

    private func groups() async throws -> [Measurement] {
        let path = bench.file("letters.db")
        let ledger = try Ledger.open(path: path)
        Progress.say("letters: recording \(Self.letters) in \(Self.causes) causes")
        _ = try await ledger.write { try $0.execute(text: Self.fill) }
        await ledger.close()
        var times: [Double] = []
        for _ in 0..<bench.scale.repetitions {
            let start = ContinuousClock.now
            let said = try await tool(["groups", "--limit", "50"], ledger: path)
            times.append((ContinuousClock.now - start) / .seconds(1))
            guard said.split(separator: "\n").count == 51 else { throw BenchError.failed("dead-letter groups", said) }
        }
        return [
            Measurement("causes of 1,000,000 dead letters, the whole command", times.median, "s", bar: .atMost(2))
        ]
    }

    private static let fill = """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(letters))
        INSERT INTO dead_letter (id, queue, flow, type, subject, revision, code, category, sentence, fingerprint, attempts,
            first_failed_at, last_failed_at, state)
        SELECT 'letter-' || i, 'orders.to-erp.dead', 'orders.to-erp', 'order.placed.v1', 'W-' || i, 1, 'sku.unknown', 'rejected',
            'There is no product FST-' || (i % \(causes)) || '.', printf('%016x', i % \(causes)), 1, 1772359200000000 + i,
            1772359200000000 + i, 'open' FROM n
        """

    // MARK: - Replaying

    private func replay() async throws -> [Measurement] {
        let count = bench.scale.messages / 2
        let warehouse = try Warehouse(bench)
        var (ours, publisher, plain): ([Replayed], [Double], [Double]) = ([], [], [])
        for _ in 0..<bench.scale.repetitions {
            try await warehouse.layOut()
            let letters = try (0..<count).map { try Self.letter($0) }
            try await warehouse.supply(count) { letters[$0] }
            ours.append(try await replay(letters))
            publisher.append(try await publishCopies(count))
            plain.append(try await publish(count))
            Progress.say(
                "letters: replayed \(ours.last?.sustained.short ?? "")/s, published \(publisher.last?.short ?? "")/s")
        }
        try await warehouse.layOut()
        var report = [
            Measurement(
                "replay, uncapped, once letters move, against publishing the same copies",
                ours.map(\.sustained), against: publisher, "letters/s", bar: .ratioAtLeast(0.5)),
            Measurement(
                "the same, against publishing 1 KB without headers, window 100", ours.map(\.sustained),
                against: plain, "letters/s"),
            Measurement(
                "the whole command, with its plan", ours.map(\.perSecond), against: publisher, "letters/s"),
            Measurement("the replay's CPU for a letter", ours.map(\.cpu).median, "µs"),
        ]
        let brokerCPU = ours.compactMap(\.brokerCPU)
        if !brokerCPU.isEmpty { report.append(Measurement("the broker's CPU for the same", brokerCPU.median, "µs")) }
        return report
    }

    private struct Replayed {
        let perSecond: Double
        /// While batches are under way all the time.
        let sustained: Double
        /// Microseconds for a letter.
        let cpu: Double
        let brokerCPU: Double?
    }

    private func replay(_ letters: [OutgoingMessage]) async throws -> Replayed {
        let (path, count) = (bench.file("replay.db"), letters.count)
        try await record(letters, in: path)
        let (start, before, brokerBefore) = (ContinuousClock.now, OwnUse.endedCPUSeconds, bench.brokerCPUSeconds)
        let said = try await tool(["replay", "--all", "--no-canary", "--yes", "--reason", "bench"], ledger: path)
        let (seconds, perLetter) = ((ContinuousClock.now - start) / .seconds(1), 1e6 / Double(count))
        guard said.hasPrefix("Replayed \(Count.grouped(count)) letters.") else {
            throw BenchError.failed("dead-letter replay", said)
        }
        return Replayed(
            perSecond: Double(count) / seconds, sustained: try await sustained(path, count),
            cpu: (OwnUse.endedCPUSeconds - before) * perLetter,
            brokerCPU: brokerBefore.flatMap { before in bench.brokerCPUSeconds.map { ($0 - before) * perLetter } })
    }

    /// By the journal, which has with each letter when its batch was begun. From the fourth batch on: by then as many are
    /// under way as when the last one is begun, so that as many letters were done in between as were begun.
    private func sustained(_ path: String, _ count: Int) async throws -> Double {
        let batches = await LedgerGlance(path: path).ask { snapshot in
            try snapshot.query("SELECT at, count(*) FROM journal WHERE stage = 'replayed' GROUP BY at ORDER BY at") {
                (at: $0.integer(0), letters: $0.integer(1))
            }
        }
        guard let batches, batches.reduce(0, { $0 + $1.letters }) == count, batches.count > 4, let last = batches.last
        else { throw BenchError.failed("dead-letter replay", "The journal has not each letter.") }
        let begun = batches[3...].dropLast().reduce(0) { $0 + $1.letters }
        return Double(begun) / (Double(last.at - batches[3].at) / 1e6)
    }

    /// Into the ledger's index, with their bodies, as workers do.
    private func record(_ letters: [OutgoingMessage], in path: String) async throws {
        let ledger = try Ledger.open(path: path)
        for first in stride(from: 0, to: letters.count, by: 1_000) {
            _ = try await ledger.write { transaction in
                for index in first..<min(first + 1_000, letters.count) {
                    try transaction.recordDeadLetter(try Self.record(letters[index], index, in: transaction))
                }
            }
        }
        await ledger.close()
    }

    private static let failedAt = "2026-03-01T10:00:00Z"

    private static func record(
        _ letter: OutgoingMessage, _ index: Int, in transaction: LedgerTransaction
    ) throws -> DeadLetterRecord {
        let (id, failedAt) = (letter.properties.messageID ?? "", Timestamp(rfc3339: failedAt)?.microseconds ?? 0)
        var record = DeadLetterRecord(
            id: id, queue: letter.routingKey, flow: "orders.to-erp", type: letter.properties.type ?? "",
            subject: Supplies.number(index), revision: 1, code: "customer.closed", category: "rejected",
            sentence: "The account is closed.", fingerprint: "0000000000000001", attempts: 1, firstFailedAt: failedAt,
            lastFailedAt: failedAt)
        record.payload = try transaction.keepBody(letter.body, of: id, letter.properties, at: failedAt)
        return record
    }

    /// A letter as a worker leaves it.
    private static func letter(_ index: Int) throws -> OutgoingMessage {
        var message = try Supplies.order(index)
        (message.exchange, message.routingKey) = (FleetTopology.deadExchange, FleetTopology.deadQueue("orders.to-erp"))
        message.properties.headers = [
            MessageHeader.code: "customer.closed", MessageHeader.attempt: 1,
            MessageHeader.lastFailedAt: .string(failedAt),
        ]
        return message
    }

    /// What the replay has sent, by the publisher that it uses, into the same queue.
    private func publishCopies(_ count: Int) async throws -> Double {
        try await Warehouse(bench).layOut()
        let arguments = ["publish-copies", "--url", bench.url, "--count", "\(count)"]
        return try LaneFigures(line: try await Program(bench.path(of: .bench), arguments, on: bench).finish()).perSecond
    }

    /// Less than a replay sends of each, and to a queue of its own: what a program publishes that nobody looks at.
    private func publish(_ count: Int) async throws -> Double {
        let queue = "bench.replay"
        let warehouse = try Warehouse(bench)
        try await warehouse.fill(queue: queue, with: 0)
        let arguments = [
            "publish", "--url", bench.url, "--routing-key", queue, "--count", "\(count)", "--window", "100",
        ]
        let figures = try LaneFigures(line: try await Program(bench.path(of: .bench), arguments, on: bench).finish())
        try await warehouse.delete(queue: queue)
        return figures.perSecond
    }

    private func tool(_ arguments: [String], ledger: String) async throws -> String {
        try await Program(
            bench.path(of: .letters), arguments,
            environment: ["STEVEDORE_AMQP_URLS": bench.url, "STEVEDORE_LEDGER_PATH": ledger], on: bench
        ).finish()
    }
}
