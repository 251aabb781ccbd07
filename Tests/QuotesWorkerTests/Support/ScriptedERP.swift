import ERP
import Models
import Synchronization

@testable import QuotesWorker

/// An ERP that says to questions what a test has it say, at once or only when it is let go.
final class ScriptedERP: ERP {
    typealias Script = @Sendable (QuoteRequest) throws(ERPError) -> QuoteAnswer

    private struct State {
        var asked: [QuoteRequest] = []
        var isAway = false
    }

    private let state = Mutex(State())
    private let script: Script
    /// Opened, it lets all questions go; nil never holds any.
    private let held: SharedAnswer<Bool>?

    init(isHeld: Bool = false, _ script: @escaping Script = { try scriptedAnswer($0) }) {
        held = isHeld ? SharedAnswer() : nil
        self.script = script
    }

    /// What it was asked so far.
    var asked: [QuoteRequest] { state.withLock { $0.asked } }

    /// Whether it answers pings.
    func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

    /// Lets every question go on.
    func letGo() { held?.open(true) }

    func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer {
        state.withLock { $0.asked.append(request) }
        if let held { _ = await held.wait(until: .now + .seconds(3_600)) }
        return try script(request)
    }

    func ping() async throws(ERPError) {
        if state.withLock({ $0.isAway }) { throw .unavailable("Nobody listens.") }
    }

    func findOrder(number: String) async throws(ERPError) -> ERPOrder? { nil }
    func submit(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes no orders.") }
    func amend(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes no orders.") }
    func cancel(_ order: Order) async throws(ERPError) -> ERPOrder { throw .unavailable("It takes no orders.") }
    func warehouses() async throws(ERPError) -> [String] { [] }

    func changes(
        of kind: ERPChangeKind, in warehouse: String?, since cursor: String?, limit: Int
    ) async throws(ERPError) -> ERPChanges {
        ERPChanges(changes: [], cursor: "", hasMore: false)
    }
}

/// What ``Asked/answer(_:at:)`` says.
func scriptedAnswer(_ request: QuoteRequest) throws(ERPError) -> QuoteAnswer {
    guard let answer = try? Asked.answer(request) else { throw .unavailable("The test has no answer.") }
    return answer
}
