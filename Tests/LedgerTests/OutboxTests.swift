import Ledger
import Synchronization
import Testing

@Suite("Outbox")
struct OutboxTests {
    private func message(_ subject: String, _ revision: Int64) -> OutboxMessage {
        OutboxMessage(
            id: "\(subject)-\(revision)", exchange: "commerce", routingKey: "order.status.v1",
            contentType: "application/json", type: "order.status.v1", subject: subject, revision: revision,
            headers: ["traceparent": "00-1", "a:b\n": "5:x😀"], correlationID: "c", body: [1, 0, 2])
    }

    @Test("a message comes out as it went in")
    func roundTrip() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { try $0.enqueueOutbox(message("A", 1), at: 7) }
            let leased = try await ledger.write {
                try $0.leaseOutbox(limit: 10, holder: "f", lease: .seconds(1), now: 9)
            }
            #expect(leased.map(\.message) == [message("A", 1)])
            #expect(leased.map { [$0.sequence, Int64($0.attempts), $0.enqueuedAt] } == [[1, 1, 7]])
            #expect(try await ledger.read { try $0.oldestOutbox() } == 7)
            try await ledger.write { try $0.markPublished([1]) }
            #expect(try await ledger.read { try $0.outboxCount() } == 0)
        }
    }

    @Test("the next message of a subject waits until the one before it is published")
    func order() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for revision in 1...3 { try transaction.enqueueOutbox(message("A", Int64(revision)), at: 1) }
                try transaction.enqueueOutbox(message("B", 1), at: 1)
                for _ in 0..<2 { try transaction.enqueueOutbox(message("", 0), at: 1) }
                func lease(_ holder: String, now: Int64) throws -> [String] {
                    try transaction.leaseOutbox(limit: 10, holder: holder, lease: .seconds(1), now: now)
                        .map(\.message.id)
                }
                #expect(try lease("x", now: 1) == ["A-1", "B-1", "-0", "-0"])
                #expect(try lease("y", now: 2) == [])
                try transaction.markPublished([1])
                #expect(try lease("y", now: 3) == ["A-2"])
                // The flusher x died: what it held comes back when its lease is over.
                #expect(try lease("y", now: 1_000_001) == ["B-1", "-0", "-0"])
            }
        }
    }

    @Test("a message that could not be published comes back when asked for, unless another flusher has it by now")
    func release() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                try transaction.enqueueOutbox(message("A", 1), at: 1)
                _ = try transaction.leaseOutbox(limit: 1, holder: "x", lease: .microseconds(10), now: 0)
                try transaction.releaseOutbox([1], holder: "x", retryAt: 5)
                #expect(try transaction.leaseOutbox(limit: 1, holder: "y", lease: .seconds(1), now: 4).isEmpty)
                let again = try transaction.leaseOutbox(limit: 1, holder: "y", lease: .seconds(1), now: 5)
                #expect(again.map(\.attempts) == [2])
                try transaction.releaseOutbox([1], holder: "x", retryAt: 0)
                #expect(try transaction.leaseOutbox(limit: 1, holder: "z", lease: .seconds(1), now: 6).isEmpty)
            }
        }
    }

    @Test("a wait that ends later than any may is over: the clock was set back after it")
    func clockSetBack() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let hour: Int64 = 3_600_000_000
                for id in ["A", "B"] { try transaction.enqueueOutbox(message(id, 1), at: 1) }
                _ = try transaction.leaseOutbox(limit: 2, holder: "x", lease: .seconds(30), now: hour)
                try transaction.releaseOutbox([1], holder: "x", retryAt: hour + 5_000_000)
                #expect(
                    try transaction.leaseOutbox(limit: 2, holder: "y", lease: .seconds(1), now: hour - 600_000_000)
                        .isEmpty)
                let back = try transaction.leaseOutbox(limit: 2, holder: "y", lease: .seconds(1), now: 0)
                #expect(back.map(\.message.id) == ["A-1", "B-1"])
            }
        }
    }

    @Test("a number is not used again, so a late mark never removes another message")
    func lateMark() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                try transaction.enqueueOutbox(message("A", 1), at: 1)
                try transaction.markPublished([1])
                try transaction.enqueueOutbox(message("A", 2), at: 1)
                try transaction.markPublished([1])
                #expect(try transaction.outboxCount() == 1)
            }
        }
    }

    @Test("two flushers on one file publish everything, each subject in order", .timeLimit(.minutes(1)))
    func twoFlushers() async throws {
        try await withLedger { first, folder async throws in
            let second = try Ledger.open(path: folder.file)
            try await first.write { transaction throws in
                for revision in 1...12 {
                    for subject in 0..<25 {
                        try transaction.enqueueOutbox(message("S\(subject)", Int64(revision)), at: 1)
                    }
                }
            }
            let published = Published()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (holder, ledger) in [("x", first), ("y", second)] {
                    group.addTask {
                        while try await ledger.read({ try $0.outboxCount() }) > 0 {
                            let leased = try await ledger.write {
                                try $0.leaseOutbox(limit: 7, holder: holder, lease: .seconds(60), now: 1)
                            }
                            published.all.withLock { published in
                                for one in leased {
                                    published[one.message.subject, default: []].append(one.message.revision)
                                }
                            }
                            await Task.yield()
                            try await ledger.write { try $0.markPublished(leased.map(\.sequence)) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = published.all.withLock { $0 }
            #expect(all.count == 25)
            #expect(all.values.allSatisfy { $0 == Array(1...12) })
            await second.close()
        }
    }
}

/// What flushers have published, by subject.
private final class Published: Sendable {
    let all = Mutex<[String: [Int64]]>([:])
}
