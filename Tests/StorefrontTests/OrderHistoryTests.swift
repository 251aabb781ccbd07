import Models
import Storefront
import Testing

/// Which states of an order a buyer sees to have been.
@Suite struct OrderHistoryTests {
    @Test("a revision that restates what was shown last, at the same time, is no state of its own")
    func restated() async throws {
        try await StoreDesk.with { desk in
            let time = try desk.second(5)
            let states: [OrderStatus.State] = [.accepted, .accepted, .accepted, .held]
            for (index, state) in states.enumerated() {
                let status = OrderStatus(
                    number: "W-1", revision: Int64(index + 1), answeredRevision: 1, state: state, lines: [])
                try await desk.store.show { try $0.show(status, at: time, in: $1) }
            }
            #expect(try await desk.store.rows("SELECT revision FROM store_order") == ["4"])
            let history = try await desk.store.rows("SELECT revision || state FROM store_order_history ORDER BY 1")
            #expect(history == ["1accepted", "4held"])
        }
    }
}
