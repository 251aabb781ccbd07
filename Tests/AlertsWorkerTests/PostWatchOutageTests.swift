import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Outages are told once, and are over when they are over")
struct PostWatchOutageTests {
    private func enqueue(_ desk: WatchDesk, _ id: String, at seconds: Int64) async throws {
        try await desk.ledger.write { transaction in
            try transaction.enqueueOutbox(
                OutboxMessage(
                    id: id, exchange: "commerce", routingKey: "stock.v1", contentType: "c", type: "stock.v1",
                    subject: id, revision: 1, body: [1]), at: WatchDesk.at(seconds))
        }
    }

    private func look(_ desk: WatchDesk, at seconds: Int64) async throws -> Int {
        try await desk.watchman.look(at: WatchDesk.at(seconds))
    }

    private func pause(_ desk: WatchDesk, since: Int64, seen: Int64, by holder: String = "w-1") async throws {
        let pause = FlowPause(
            queue: "orders.to-erp", holder: holder, since: WatchDesk.at(since), code: "erp.unavailable",
            reason: "The ERP does not answer.", remedy: "See whether it runs.")
        try await desk.ledger.write { try $0.record(pause, now: WatchDesk.at(seen)) }
    }

    private func resume(_ desk: WatchDesk, by holder: String = "w-1") async throws {
        try await desk.ledger.write { try $0.endPause(queue: "orders.to-erp", holder: holder) }
    }

    @Test("of an outage of the broker people are told although no message of it can arrive")
    func broker() async throws {
        try await WatchDesk.with { desk in
            try await enqueue(desk, "m-1", at: 0)
            #expect(try await look(desk, at: 121) == 1)
            let planned = try await desk.notices(of: "outage/broker")
            #expect(planned == ["raised due"])
            // As the courier does: no broker is needed for it.
            try await desk.ledger.write { transaction in
                for notice in try transaction.dueNotices(at: WatchDesk.at(200), limit: 10) {
                    try transaction.end(notice, as: .sent, message: "m", now: WatchDesk.at(200))
                }
            }
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM outbox WHERE id = 'm-1'") }
            #expect(try await look(desk, at: 300) == 1)
            let told = ["raised sent", "resolved due"]
            let ended = try await desk.notices(of: "outage/broker")
            #expect(ended == told)
            // The broker is back, and what was said of it comes late, in whatever order.
            try await desk.arrive()
            try await desk.arrive(inReverse: true)
            let late = try await desk.notices(of: "outage/broker")
            #expect(late == told)
            let record = try await desk.ledger.read { try $0.alert(key: "outage/broker") }
            #expect(record?.alert.state == .resolved && record?.alert.revision == 2)
        }
    }

    @Test("an outage of the broker is said once, however much waits and however long")
    func onceOnly() async throws {
        try await WatchDesk.with { desk in
            try await enqueue(desk, "m-1", at: 0)
            #expect(try await look(desk, at: 121) == 1)
            for second: Int64 in [130, 140, 400, 4_000] {
                try await enqueue(desk, "m-\(second)", at: second)
                #expect(try await look(desk, at: second) == 0)
            }
            // Only the word of the outage itself is left, and does not keep it alive.
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM outbox WHERE type = 'stock.v1'") }
            #expect(try await look(desk, at: 4_100) == 1)
        }
    }

    @Test("a worker that is restarted while it waits does not make the ERP work again")
    func restarted() async throws {
        try await WatchDesk.with { desk in
            try await pause(desk, since: 0, seen: 130)
            let raised = try await desk.look(at: 130)
            #expect(raised.map(\.state) == [.open])
            try await resume(desk)
            let gap = try await desk.look(at: 132)
            #expect(gap.isEmpty)
            try await pause(desk, since: 150, seen: 150, by: "w-2")
            for second: Int64 in [150, 160, 240] {
                try await pause(desk, since: 150, seen: second, by: "w-2")
                let quiet = try await desk.look(at: second)
                #expect(quiet.isEmpty)
            }
            try await resume(desk, by: "w-2")
            let end = try await desk.look(at: 300)
            #expect(end.map(\.state) == [.resolved] && end.map(\.raisedAt) == raised.map(\.raisedAt))
        }
    }

    @Test("an ERP that answers in between for a moment is away all the same")
    func flickering() async throws {
        try await WatchDesk.with { desk in
            var said: [Alert] = []
            for second: Int64 in stride(from: 0, through: 140, by: 10) {
                try await pause(desk, since: second, seen: second)
                said += try await desk.look(at: second)
                try await resume(desk)
                said += try await desk.look(at: second + 2)
            }
            #expect(said.map(\.key) == ["outage/erp"] && said.map(\.raisedAt.microseconds) == [WatchDesk.at(0)])
        }
    }

    @Test("short absences with calm between them are no outage")
    func calm() async throws {
        try await WatchDesk.with { desk in
            for second: Int64 in stride(from: 0, through: 300, by: 60) {
                try await pause(desk, since: second, seen: second)
                let away = try await desk.look(at: second)
                try await resume(desk)
                let back = try await desk.look(at: second + 50)
                #expect(away.isEmpty && back.isEmpty)
            }
        }
    }
}
