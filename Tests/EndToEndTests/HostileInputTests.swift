import FleetTesting
import RabbitMQ
import Testing

@Suite("A message made to do harm", .needsBroker)
struct HostileInputTests {
    @Test("by its size is refused unread, and lies among the dead letters byte for byte")
    func giant() async throws {
        try await Rig.with { rig in
            // RabbitMQ 4 takes no message of that size in the first place.
            guard try await rig.withAdmin({ try await $0.connect() }).major < 4 else { return }
            let worker = try rig.startWorker()
            var giant = OrderMessages.message(try OrderMessages.order("giant"))
            giant.body += [UInt8](repeating: 32, count: 16 << 20)
            try await rig.publish([giant, OrderMessages.message(try OrderMessages.order("behind-it"))])
            try await rig.waitForOrders(["behind-it"])
            try await worker.waitForLine { $0.contains("too large for a worker") }
            try await eventually("its dead letter") { try await rig.deadLetters() == 1 }
            #expect(try await rig.letters().first?.body.bytes == giant.body)
            try await rig.expectOnce(["behind-it"])
            try await rig.stop(worker)
        }
    }
}
