import Fleet
import Ledger
import Models

@testable import QuotesWorker

/// Everything between a question and its answer but the broker.
struct Desk {
    let erp: ScriptedERP
    let standing: ERPStanding
    let gate: LiveGate
    let metrics = QuoteMetrics()
    let shelf: QuoteShelf
    let live: LiveDesk
    let desk: AnswerDesk

    init(_ ledger: Ledger, erp: ScriptedERP, settings: QuoteSettings = QuoteSettings(), hasStore: Bool = true) {
        let shelf = QuoteShelf(ledger: ledger, settings: settings, hasStore: hasStore, logger: Asked.quiet)
        self.erp = erp
        self.shelf = shelf
        standing = ERPStanding(worker: "w-1", ledger: ledger, logger: Asked.quiet)
        gate = LiveGate(places: settings.erpCalls)
        live = LiveDesk(
            erp: erp, gate: gate, standing: standing, pulse: ERPPulse(probe: erp, standing: standing),
            metrics: metrics, learn: { shelf.learn($0.lessons(of: $1), at: $1.answeredAt) })
        desk = AnswerDesk(settings: settings, shelf: shelf, live: live)
    }

    /// Answers with more time than any machine needs.
    func answer(_ request: QuoteRequest, within time: Duration = .seconds(60)) async -> QuoteAnswer {
        await desk.answer(request, until: .now + time)
    }

    /// What the ERP is asked for a question.
    static func live(_ request: QuoteRequest) -> LiveQuestion {
        let load = GoodsLoad(
            request, defaultWeight: nil, Array(repeating: nil, count: request.lines.count))
        return LiveQuestion(request, only: request.questions, load)
    }
}
