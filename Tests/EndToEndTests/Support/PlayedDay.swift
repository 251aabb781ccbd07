import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// A day in the company with all that may go wrong on the way to the store: pages that repeat and skip rows, an outage,
/// killed programs, copies, and old messages behind newer ones. The store places, changes and cancels orders meanwhile.
struct PlayedDay {
    /// A company whose stock is used up by orders.
    static let simulator = ["--catalogue", "200", "--accounts", "60", "--price-lists", "5", "--finite-stock"]

    let rig: Rig
    var random = SeededRandom(round: 1)
    /// What the store has done so far.
    var store = StoreSide()
    /// The orders that it has placed, as they began.
    var placed: [String: PlacedOrder] = [:]
    /// The messages that it has sent so far.
    var sent: [OutgoingMessage] = []
    /// Copies of what the store was told in earlier rounds.
    private var told: [OutgoingMessage] = []
    private let tap: MessageTap
    private var processes: [ChildProcess]

    init(_ rig: Rig) async throws {
        self.rig = rig
        tap = try await MessageTap.open(rig)
        processes = try rig.startFleet()
        try await rig.simulator.fault(#"{"kind":"repeat-rows","probability":0.3,"seed":3}"#)
        try await rig.simulator.fault(#"{"kind":"skip-rows","probability":0.3,"seed":4}"#)
    }

    /// A day of two seconds.
    mutating func play(round: Int) async throws {
        let seed = random.next() >> 32
        try await rig.simulator.control("day", #"{"events":150,"seed":\#(seed),"speed":43200}"#)
        try await sendOrders(round: round)
        if round == 3 { try await rig.simulator.fault(#"{"kind":"down","seconds":2}"#) }
        // Each program is killed once, the feed twice.
        try await kill((round * 4) % processes.count)
        let company = rig.simulator
        try await eventually("the day to end") { try await Self.isOver(company) }
        try await sendCopies(400)
        told += try await tap.drain()
    }

    private static func isOver(_ simulator: SimulatorProcess) async throws -> Bool {
        let progress = try await simulator.control("day")
        guard !progress.contains("failure") else { throw RigError.unexpectedAnswer(progress) }
        return progress.contains(#""isPlaying":false"#)
    }

    mutating func killFeed() async throws { try await kill(processes.count - 1) }

    private mutating func kill(_ index: Int) async throws {
        let victim = processes[index]
        try await victim.kill()
        if index == processes.count - 1 { try await rig.endFeedLeases() }
        processes[index] = try rig.startProgram(index)
    }

    /// Sends so many messages of earlier rounds again, in any order: what they say was said since, or is said twice.
    private mutating func sendCopies(_ count: Int) async throws {
        var copies = Array(told.shuffled(using: &random).prefix(count))
        for message in sent.shuffled(using: &random).prefix(count) {
            copies += [Catalogue.orderPlaced.queue, Catalogue.takenOrders].map { message.copied(to: $0) }
        }
        copies.shuffle(using: &random)
        try await rig.publishUntilConfirmed(copies)
    }

    /// Ends the faults, and waits until the ERP has answered the store for good. It states the accounts once more, so
    /// that what they owe is in what it says.
    mutating func end() async throws {
        try await rig.simulator.clearFaults()
        try await rig.waitForOrders(store.revisions, within: .seconds(180))
        try await store.noteRefusals(of: rig.simulator)
        for account in Set(placed.values.map(\.account)).sorted() {
            try await rig.simulator.control("changes/customers", #"{"account":"\#(account)"}"#)
        }
    }

    /// Sends everything once more, in any order, and nothing that is shown may change by it.
    mutating func expectCopiesToChangeNothing() async throws {
        told += try await tap.drain()
        for flow in FleetTopology.flows { try await rig.waitUntilEmpty(flow) }
        let before = try await rig.ledger { try ShownRows.complete($0) }
        try await sendCopies(.max)
        for flow in FleetTopology.flows { try await rig.waitUntilEmpty(flow) }
        let after = try await rig.ledger { try ShownRows.complete($0) }
        let changes = after.symmetricDifference(before).sorted()
        #expect(changes.isEmpty, "\(changes.count): \(changes.prefix(10))")
        let (toStore, toERP) = (told.count, sent.count)
        #expect(toStore > 1_000, "too few copies to prove anything")
        #expect(toERP > 50, "too few copies to prove anything")
    }

    func stop() async throws {
        #expect(try await rig.allDeadLetters() == 0)
        for process in processes { try await rig.stop(process) }
        try await tap.close()
    }
}
