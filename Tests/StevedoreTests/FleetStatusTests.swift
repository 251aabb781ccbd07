import Fleet
import Testing

@testable import Stevedore

@Suite("Status")
struct FleetStatusTests {
    private var status: FleetStatus {
        FleetStatus(
            now: 100_000_000, broker: "amqp://127.0.0.1:5672/",
            flows: [
                .init(
                    flow: "orders.to-erp", ready: 1_200, workers: 0, retrying: 3, deadLetters: 5,
                    oldestDeadLetter: 40_000_000,
                    position: FlowPosition(queue: "orders.to-erp", takenAt: 95_000_000, messageTime: 30_000_000)),
                .init(flow: "orders.to-store", ready: 0, workers: 2),
            ],
            unrouted: 1, missingQueues: [], ledgerPath: "stevedore.db",
            ledger: .init(
                outbox: 2, oldestOutbox: 90_000_000,
                causes: [.init(flow: "orders.to-erp", code: "rejected.unknown-sku", count: 5, oldest: 40_000_000)]))
    }

    @Test("people see the counts, the ages and what to do")
    func text() {
        let text = status.text(width: nil)
        #expect(text.contains("orders.to-erp    1,200  ≤ 1m 10s         3     5        0  1m\n"))
        #expect(text.contains("orders.to-store      0         -"))
        #expect(text.contains("outbox: 2 messages, the oldest for 10s"))
        #expect(text.contains("→ orders.to-erp has messages, and nobody consumes it"))
        #expect(text.contains("→ 1 message found no queue: run `stevedore topology apply`, then `dead-letter replay"))
        #expect(text.contains("rejected.unknown-sku"))
    }

    @Test("letters that the queues have beyond the open ones are not said to wait for a person")
    func dealtWith() {
        var status = status
        #expect(status.advice.contains("Dead letters wait: `dead-letter groups`."))
        #expect(!status.advice.contains { $0.contains("more than are open") })
        status.flows[0].deadLetters = 7
        #expect(status.advice.contains { $0.contains("2 letters more than are open") })
        status.ledger?.causes = []
        #expect(status.advice.contains { $0.contains("7 letters more than are open") })
        #expect(!status.advice.contains("Dead letters wait: `dead-letter groups`."))
        status.ledger = nil
        #expect(status.advice.contains("Dead letters wait: `dead-letter groups`."))
        #expect(status.text(width: nil).contains("RETRYING: tried again by themselves"))
    }

    @Test("programs see the same numbers, and null for what is not known")
    func json() {
        var status = status
        #expect(status.json["outbox"] == ["messages": 2, "oldestSeconds": 10])
        guard case .array(let flows) = status.json["flows"] else { return }
        #expect(flows.map { $0["oldestReadySecondsAtMost"] } == [70, .null])
        #expect(flows.map { $0["lastTakenSecondsAgo"] } == [5, .null])
        status.ledger = nil
        #expect(status.json["outbox"] == .null)
    }

    @Test("a paused flow is not taken for one without a worker")
    func paused() {
        var status = status
        status.flows[0].pauses = [
            FlowPause(
                queue: "orders.to-erp", holder: "w", since: 40_000_000, code: "outage", reason: "The ERP is away.",
                remedy: "It goes on by itself.")
        ]
        #expect(status.advice.first == "orders.to-erp is paused for 1m: The ERP is away. It goes on by itself.")
        #expect(!status.advice.contains { $0.contains("nobody consumes it") })
        guard case .array(let flows) = status.json["flows"] else { return }
        #expect(flows[0]["pausedSeconds"] == 60 && flows[1]["pauseCode"] == .null)
    }

    @Test("questions are a row of their own, and one that nobody answers is said")
    func questions() {
        var status = status
        status.questions = [.init(queue: "quotes.to-erp", waiting: 12, consumers: 1)]
        #expect(status.text(width: nil).contains("quotes.to-erp       12"))
        let json: JSONValue = [["queue": "quotes.to-erp", "waiting": 12, "consumers": 1]]
        #expect(status.json["questions"] == json)
        #expect(!status.advice.contains { $0.contains("quotes-worker") })
        status.questions[0].consumers = 0
        #expect(status.advice.contains { $0.hasPrefix("quotes.to-erp has questions, and nobody answers") })
    }

    private func cursor(_ stream: String, finishedAt: Int64?) -> FeedCursor {
        var cursor = FeedCursor.beginning(stream, .live, now: 90_000_000)
        (cursor.read, cursor.told, cursor.remaining, cursor.movedAt) = (1_500, 1_400, 3_000, 95_000_000)
        cursor.finishedAt = finishedAt
        return cursor
    }

    @Test("the feed's streams are up to date, or so far on their way; one that nobody reads is said")
    func feed() {
        var status = status
        #expect(status.json["feed"] == .null && !status.text(width: nil).contains("feed"))
        var anew = FeedCursor.beginning("orders", .full, now: 90_000_000)
        anew.finishedAt = 91_000_000
        let cursors = [anew, cursor("orders", finishedAt: 95_000_000), cursor("stock/EAST", finishedAt: nil)]
        status.ledger?.feed = FeedStatus(cursors: cursors, isRead: true)
        #expect(
            status.text(width: nil).contains(
                "feed: orders up to date\n      stock/EAST: 1,500 read, 1,400 told, 3,000 to go, about 10s\n"))
        let stock: JSONValue = [
            "stream": "stock/EAST", "upToDate": false, "read": 1_500, "remaining": 3_000, "movedSecondsAgo": 5,
            "waitingSeconds": .null, "waitingFor": .null, "unreadable": 0, "incomplete": 0,
        ]
        guard case .array(let streams) = status.json["feed"]?["streams"] else { return }
        #expect(status.json["feed"]?["running"] == true && streams.last == stock && streams.count == 2)
        #expect(streams.first?["read"] == 1_500 && streams.first?["upToDate"] == true)
        #expect(!status.advice.contains { $0.contains("erp-feed") })
        status.ledger?.feed.isRead = false
        #expect(status.advice.contains { $0.contains("no erp-feed runs") })
    }

    @Test("streams that wait for the same are said once, with the remedy, also before anything was read")
    func waiting() {
        var status = status
        let waits = ["warehouses", "orders"].map { stream in
            FeedWait(
                stream: stream, since: 70_000_000, until: 101_000_000, reason: "The ERP does not answer.",
                remedy: "See whether it runs.")
        }
        status.ledger?.feed = FeedStatus(isRead: true, waits: Array(waits.prefix(1)))
        #expect(status.text(width: nil).contains("feed: warehouses has waited 30s: The ERP does not answer.\n"))
        guard case .array(let streams) = status.json["feed"]?["streams"] else { return }
        #expect(streams.map { $0["waitingSeconds"] } == [30])
        status.ledger?.feed = FeedStatus(
            cursors: [cursor("orders", finishedAt: 95_000_000)], isRead: true, waits: waits)
        #expect(
            status.text(width: nil).contains("feed: orders, warehouses have waited 30s: The ERP does not answer.\n"))
        #expect(!status.text(width: nil).contains("up to date"))
        let advice = "erp-feed: orders, warehouses have waited 30s: The ERP does not answer. See whether it runs."
        #expect(status.advice.last == advice)
    }

    @Test("what the feed could not tell the store is counted, with where to look")
    func gaps() {
        var status = status
        let gaps = ["orders": FeedGapCount(unreadable: 1), "products": FeedGapCount(unreadable: 1_000, incomplete: 1)]
        status.ledger?.feed = FeedStatus(
            cursors: [cursor("orders", finishedAt: 95_000_000)], isRead: true, gaps: gaps)
        let said = "1,001 objects cannot be read, 1 object is told in part"
        #expect(status.text(width: nil).contains("feed: orders up to date\n      \(said)\n"))
        #expect(status.advice.last == "\(said): see `erp-feed gaps`, and correct them in the ERP.")
        #expect(status.json["feed"]?["unreadable"] == 1_001 && status.json["feed"]?["incomplete"] == 1)
    }

    @Test("what the feed holds back is said, with where to look")
    func parked() {
        var status = status
        let cursors = [cursor("orders", finishedAt: 95_000_000)]
        status.ledger?.feed = FeedStatus(
            cursors: cursors, isRead: true, parked: ParkedBatches(count: 2, oldest: 40_000_000))
        #expect(
            status.advice.contains(
                "erp-feed holds back 2 batches of changes that look like a mistake, the oldest for 1m: see `erp-feed parked list`."
            ))
        #expect(status.json["feed"]?["parkedBatches"] == 2)
    }

    @Test("orders that nobody notes as taken are said to be promised still")
    func taken() {
        var status = status
        status.flows.append(.init(flow: "orders.taken", ready: 2, workers: 0))
        #expect(status.advice.contains { $0.hasPrefix("orders.taken has messages") && $0.contains("still promised") })
    }

    @Test("a missing queue is said, with its remedy")
    func missing() {
        var status = status
        status.flows[0].ready = nil
        status.missingQueues = ["orders.to-erp"]
        #expect(status.text(width: nil).contains("missing"))
        #expect(status.advice.first == "1 queue is missing: run `stevedore topology apply`.")
    }
}
