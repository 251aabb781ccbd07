import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("What waited in an outage is worked off")
struct OutageDrainTests {
    private static let start: Int64 = 1_700_000_000_000_000
    private static let queue = "orders.to-erp"

    private static func at(_ seconds: Int64) -> Int64 { start + seconds * 1_000_000 }

    private static func position(taken: Int64, made: Int64) -> FlowPosition {
        FlowPosition(queue: queue, takenAt: at(taken), messageTime: at(made))
    }

    /// From 0 to 100.
    private static func drain(now: Int64) -> OutageDrain {
        OutageDrain(beganAt: at(0), endedAt: at(100), now: at(now))
    }

    @Test("when a message is taken that was made since the end, however many wait behind it")
    func order() {
        let drain = Self.drain(now: 200)
        #expect(drain.queue(ready: 50, Self.position(taken: 190, made: 99)) == nil)
        #expect(drain.queue(ready: 50, Self.position(taken: 190, made: 100)) == Self.at(190))
        #expect(drain.queue(ready: nil, Self.position(taken: 190, made: 120)) == Self.at(190))
    }

    @Test("when nothing waits, and what was taken last has had its time")
    func empty() {
        let position = Self.position(taken: 150, made: 40)
        #expect(Self.drain(now: 209).queue(ready: 0, position) == nil)
        #expect(Self.drain(now: 210).queue(ready: 0, position) == Self.at(150))
        #expect(Self.drain(now: 500).queue(ready: 1, position) == nil)
        #expect(Self.drain(now: 500).queue(ready: nil, position) == nil, "nobody knows")
    }

    @Test("at its end, where nothing came in it")
    func nothing() {
        #expect(Self.drain(now: 101).queue(ready: 0, nil) == Self.at(100))
        #expect(Self.drain(now: 101).queue(ready: 0, Self.position(taken: -500, made: -501)) == Self.at(100))
        #expect(Self.drain(now: 101).queue(ready: 3, nil) == nil)
        // Taken in the future: the clock was set back.
        #expect(Self.drain(now: 101).queue(ready: 2, Self.position(taken: 5_000, made: 5_000)) == nil)
    }

    @Test("when no post waits any more that waited at the end")
    func posts() {
        let drain = Self.drain(now: 200)
        #expect(drain.posts(PostBacklog(noun: "object", waiting: 0)) == Self.at(200))
        #expect(drain.posts(PostBacklog(noun: "object", waiting: 2, oldest: Self.at(99))) == nil)
        #expect(drain.posts(PostBacklog(noun: "object", waiting: 2, oldest: Self.at(101))) == Self.at(200))
    }

    // MARK: - In the ledger

    private static func note(
        _ ledger: Ledger, _ waiting: Int?, at seconds: Int64, of number: Int64 = 1
    ) async throws -> Outage? {
        // Other flows to the ERP have nothing.
        var ready = Dictionary(uniqueKeysWithValues: FlowBacklog.flows(to: "erp").map { ($0, 0) })
        ready[queue] = waiting
        return try await ledger.write { [ready] transaction in
            try transaction.noteBacklog(of: number, ready: ready, at: at(seconds))
            return try transaction.outage(number: number)
        }
    }

    private static func begin(_ ledger: Ledger, _ destination: String = "erp") async throws {
        try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
        try await ledger.write { _ = try $0.noteAbsence(of: destination, because: CallRig.outage, at: at(0)) }
    }

    private static func end(_ ledger: Ledger, at seconds: Int64, _ number: Int64 = 1) async throws {
        try await ledger.write { transaction in
            var outage = try #require(try transaction.outage(number: number))
            outage.ended(at: at(seconds))
            try transaction.save(outage)
        }
    }

    private static func isDue(_ ledger: Ledger, at seconds: Int64) async throws -> Bool {
        try await ledger.read { snapshot in
            let now = at(seconds)
            return try snapshot.unsettledOutages(at: now).contains { try snapshot.isSampleDue(of: $0, at: now) }
        }
    }

    @Test("is noted while the outage lasts and until it is drained, and not after that")
    func noted() async throws {
        try await withLedger { ledger in
            #expect(try await !Self.isDue(ledger, at: 0))
            try await Self.begin(ledger)
            #expect(try await Self.isDue(ledger, at: 0))
            let lasting = try await Self.note(ledger, 0, at: 5)
            #expect(lasting?.drainedAt == nil, "it is not over")
            #expect(try await !Self.isDue(ledger, at: 14))
            #expect(try await Self.isDue(ledger, at: 15))
            _ = try await Self.note(ledger, 40, at: 15)
            try await Self.end(ledger, at: 20)
            _ = try await Self.note(ledger, 30, at: 25)
            try await ledger.write { try $0.record(Self.position(taken: 30, made: 21)) }
            let drained = try await Self.note(ledger, 7, at: 35)
            #expect(drained?.drainedAt == Self.at(30))
            #expect(try await !Self.isDue(ledger, at: 1_000))
            let samples = try await ledger.read { try $0.samples(of: 1) }.filter { $0.queue == Self.queue }
            let times = samples.map { ($0.at - Self.start) / 1_000_000 }
            #expect(samples.map(\.ready) == [0, 40, 30, 7])
            #expect(times == [5, 15, 25, 35])
        }
    }

    /// An order that came in meanwhile, and was finished at some moment.
    private static func finish(_ ledger: Ledger, at seconds: Int64, isLast: Bool) async throws {
        let type = Catalogue.orderPlaced
        try await ledger.write { transaction in
            try transaction.journal(
                JournalEntry(
                    at: at(seconds), type: type.name, subject: "W-0", revision: 1, stage: "applied", code: "ok"))
            if isLast { try transaction.forgetLastWord(family: type.family, subject: "W-1", upTo: 1) }
        }
    }

    /// An order of the outage, which ended at 20, is taken and not finished; another one is, at 80.
    private static func hold(_ ledger: Ledger) async throws {
        try await begin(ledger)
        let message = try MessageReader().read(try Samples.orderBody("W-1"))
        try await ledger.write { transaction in
            try transaction.noteLastWord(message, isCancelled: false, at: at(10))
            try transaction.record(position(taken: 21, made: 10))
        }
        try await end(ledger, at: 20)
        try await finish(ledger, at: 80, isLast: false)
    }

    @Test("not while workers hold any of it, though its queue is empty, and at the moment when the last was finished")
    func held() async throws {
        try await withLedger { ledger in
            try await Self.hold(ledger)
            let held = try await Self.note(ledger, 0, at: 90)
            #expect(held?.drainedAt == nil)
            let samples = try await ledger.read { try $0.samples(of: 1) }.filter { $0.queue == Self.queue }
            #expect(samples.map(\.ready) == [1], "what is held waits")
            try await Self.finish(ledger, at: 95, isLast: true)
            let drained = try await Self.note(ledger, 0, at: 100)
            #expect(drained?.drainedAt == Self.at(95))
        }
    }

    @Test("though one never ends, once nothing has moved for a minute")
    func stuck() async throws {
        try await withLedger { ledger in
            try await Self.hold(ledger)
            #expect(try await Self.note(ledger, 0, at: 139)?.drainedAt == nil)
            let drained = try await Self.note(ledger, 0, at: 140)
            #expect(drained?.drainedAt == Self.at(80))
        }
    }

    @Test("is not said while the broker does not say what waits")
    func silent() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            try await Self.end(ledger, at: 20)
            let unknown = try await Self.note(ledger, nil, at: 30)
            #expect(unknown?.drainedAt == nil)
            let known = try await Self.note(ledger, 0, at: 40)
            #expect(known?.drainedAt == Self.at(20))
        }
    }

    @Test("is forgotten when the outage goes on, and told again")
    func relapse() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            try await Self.end(ledger, at: 20)
            _ = try await Self.note(ledger, 0, at: 25)
            try await ledger.write { transaction in
                try transaction.noteTold(1, at: Self.at(26))
                _ = try transaction.noteAbsence(of: "erp", because: CallRig.outage, at: Self.at(30))
            }
            let outage = try await ledger.read { try $0.outage(number: 1) }
            #expect(outage?.endedAt == nil && outage?.drainedAt == nil && outage?.toldAt == nil)
        }
    }

    @Test("is of the newest outage of its system alone")
    func newest() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            try await Self.end(ledger, at: 20)
            try await ledger.write { _ = try $0.noteAbsence(of: "erp", because: CallRig.outage, at: Self.at(500)) }
            try await Self.begin(ledger, "erp.changes")
            try await Self.end(ledger, at: 30, 3)
            let unsettled = try await ledger.read { try $0.unsettledOutages(at: Self.at(600)) }
            #expect(unsettled.map(\.number) == [2, 3])
            let late = try await ledger.read { try $0.unsettledOutages(at: Self.at(8 * 86_400)) }
            #expect(late.map(\.number) == [2], "nobody saw what became of the other one")
        }
    }

    @Test("leaves nothing to wait for where no queue feeds the system")
    func streams() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger, "erp.changes")
            try await Self.end(ledger, at: 20)
            let outage = try await ledger.write { transaction in
                try transaction.noteBacklog(of: 1, ready: [:], at: Self.at(30))
                return try transaction.outage(number: 1)
            }
            #expect(outage?.drainedAt == Self.at(20))
        }
    }

    @Test("leaves few hundred notes, however long it lasts")
    func bounded() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            try await ledger.write { transaction in
                for second in stride(from: Int64(0), to: 40_000, by: 20) {
                    try transaction.record(
                        OutageSample(outage: 1, at: Self.at(second), queue: Self.queue, ready: second))
                }
            }
            _ = try await Self.note(ledger, 40_000, at: 40_000)
            let samples = try await ledger.read { try $0.samples(of: 1) }.filter { $0.queue == Self.queue }
            #expect(samples.count <= SampleSpacing.limit && samples.last?.ready == 40_000)
        }
    }
}
