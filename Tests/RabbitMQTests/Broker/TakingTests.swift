import RabbitMQ
import Testing

@Suite("Taking many messages at once", .enabled(if: TestBroker.isThere), .timeLimit(.minutes(1)))
struct TakingTests {
    private static let texts = (0..<250).map { "m-\($0)" }

    @Test("they come in their order, as many as are wanted and there; what is not settled goes back")
    func inOrder() async throws {
        try await TestBroker.withQueue { queue, admin in
            try await TestBroker.publish(Self.texts, to: queue)
            let reader = try BrokerAdmin(configuration: try TestBroker.configuration())
            let first = try await reader.take(upTo: 100, queue: queue)
            let second = try await reader.take(upTo: 100, queue: queue)
            let one = try #require(try await reader.get(queue: queue))
            let rest = try await reader.take(upTo: 100, queue: queue)
            #expect((first + second + [one] + rest).map(\.text) == Self.texts)
            #expect([first.count, second.count, rest.count] == [100, 100, 49])
            #expect(try await reader.take(upTo: 100, queue: queue).isEmpty)
            try await reader.settle((first + rest).map { .ack($0.tag) })
            // Passes through the queue's log behind the acknowledgements.
            #expect(try await reader.get(queue: queue) == nil)
            await reader.close()
            let left = try await taken(101, from: queue, admin)
            #expect(Set(left) == Set(second.map(\.text) + [one.text]))
        }
    }

    @Test("nothing is taken of an empty queue, and a queue that is not there is said")
    func nothing() async throws {
        try await TestBroker.withQueue { queue, admin in
            #expect(try await admin.take(upTo: 10, queue: queue).isEmpty)
            await #expect(throws: BrokerError.self) { try await admin.take(upTo: 10, queue: "no \(queue)") }
            try await TestBroker.publish(["after"], to: queue)
            #expect(try await admin.take(upTo: 10, queue: queue).map(\.text) == ["after"])
        }
    }

    @Test("a large message is whole, and so are those around it")
    func large() async throws {
        try await TestBroker.withQueue { queue, admin in
            let texts = ["a", String(repeating: "x", count: 3 << 20), "b"]
            try await TestBroker.publish(texts, to: queue)
            #expect(try await admin.take(upTo: 3, queue: queue).map(\.text) == texts)
        }
    }

    /// Until so many are there: what a connection held comes back a moment after its end.
    private func taken(_ count: Int, from queue: String, _ admin: BrokerAdmin) async throws -> [String] {
        var found: [String] = []
        let deadline = ContinuousClock.now + .seconds(20)
        while found.count < count, .now < deadline {
            found += try await admin.take(upTo: 100, queue: queue).map(\.text)
        }
        return found
    }
}
