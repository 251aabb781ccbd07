import Ledger
import Testing

@testable import Fleet

/// How long what waited for the ERP keeps the clock standing.
@Suite struct ExpectationDrainTests {
    private static let noon: Int64 = 1_800_000_000_000_000
    /// An hour's outage that ended at noon.
    private static let drain = ExpectationDrain(outage: at(-3_600), began: noon)

    private static func at(_ seconds: Int64) -> Int64 { noon + seconds * 1_000_000 }

    private func goesOn(
        at second: Int64, taken: Int64?, made: Int64 = -3_000, waiting: Int? = 500
    ) -> Bool {
        let position = taken.map {
            FlowPosition(queue: "orders.to-erp", takenAt: Self.at($0), messageTime: Self.at(made))
        }
        return Self.drain.goesOn(position, waiting: waiting, now: Self.at(second))
    }

    @Test("while messages from before are taken, and until one is that was made since")
    func backlog() {
        #expect(goesOn(at: 1_000, taken: 990))
        #expect(!goesOn(at: 1_000, taken: 990, made: 1))
    }

    @Test("two minutes without anything taken end it, as nothing is worked off")
    func idle() {
        #expect(goesOn(at: 119, taken: nil) && !goesOn(at: 120, taken: nil))
        #expect(goesOn(at: 119, taken: -3_590) && !goesOn(at: 120, taken: -3_590))
        #expect(!goesOn(at: 1_000, taken: 870))
    }

    @Test("an empty queue ends it, once what was taken last has been handled")
    func empty() {
        #expect(!goesOn(at: 5, taken: nil, waiting: 0))
        #expect(goesOn(at: 100, taken: 50, waiting: 0) && !goesOn(at: 110, taken: 50, waiting: 0))
    }

    @Test("where the broker does not say what waits, what is taken tells")
    func unknown() {
        #expect(goesOn(at: 100, taken: 50, waiting: nil) && !goesOn(at: 170, taken: 50, waiting: nil))
    }

    @Test("it takes no longer than the outage, and a quarter of an hour")
    func bound() {
        #expect(goesOn(at: 4_500, taken: 4_495) && !goesOn(at: 4_501, taken: 4_495))
    }

    @Test("a clock that is set back, and nonsense in the ledger, do not make it go on for ever, and are no trap")
    func nonsense() {
        #expect(!goesOn(at: -10, taken: nil))
        #expect(!goesOn(at: 200, taken: 7_200, made: 7_200), "taken before the clock was set back")
        for time in [Int64.min, .max] {
            #expect(!ExpectationDrain(outage: time, began: Self.noon).goesOn(nil, waiting: 1, now: .max))
            _ = ExpectationDrain(outage: time, began: time).goesOn(nil, waiting: nil, now: Self.noon)
        }
    }

    @Test(
        "an outage of a moment, as every start has one, leaves nothing to be worked off",
        arguments: [(14, false), (15, true)])
    func moment(seconds: Int64, isDrained: Bool) async throws {
        try await withLedger { ledger in
            try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
            let stop = ExpectationClock.Stop(since: Self.noon, reason: "The broker is out of reach.")
            let found = try await ledger.write {
                try $0.drainStop(after: stop, waiting: 10, now: Self.at(seconds))
            }
            #expect((found != nil) == isDrained)
        }
    }
}
