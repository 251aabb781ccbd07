import FleetTesting
import MailClient
import Testing

@Suite("Cancelling and closing", .timeLimit(.minutes(2)))
struct EndingTests {
    private static func client(_ mailbox: Mailbox) throws -> MailClient {
        try MailClient(MailServer(url: mailbox.url, security: .plaintext, timeout: .seconds(600)))
    }

    private static func cancelled(_ maybe: Bool) -> MailError { .cancelled(mayHaveBeenSent: maybe) }

    @Test("a cancelled mail ends at once, says that it may have arrived, and the next one is sent")
    func cancellation() async throws {
        let mailbox = try await Mailbox(["--hang-after-data"])
        let client = try Self.client(mailbox)
        let message = try Letters.message()
        let task = Task { try await Letters.failure(client, message) }
        _ = try await mailbox.received(atLeast: 1)
        task.cancel()
        let error = try await task.value
        let next = try await Letters.failure(client, message)
        await client.close()
        #expect(error == Self.cancelled(true))
        #expect(next == nil)
    }

    @Test("a mail that waits for its turn is cancelled without waiting, and never sent")
    func cancelledInLine() async throws {
        let mailbox = try await Mailbox(["--hang-after-data"])
        let client = try Self.client(mailbox)
        let message = try Letters.message()
        let first = Task { try await Letters.failure(client, message) }
        _ = try await mailbox.received(atLeast: 1)
        let second = Task { try await Letters.failure(client, message) }
        second.cancel()
        let error = try await second.value
        first.cancel()
        _ = try await first.value
        await client.close()
        #expect(error == Self.cancelled(false))
        #expect(try mailbox.received().count == 1)
    }

    @Test("closing ends what is in flight and refuses what comes later")
    func closing() async throws {
        let mailbox = try await Mailbox(["--hang-after-data"])
        let client = try Self.client(mailbox)
        let message = try Letters.message()
        let task = Task { try await Letters.failure(client, message) }
        _ = try await mailbox.received(atLeast: 1)
        await client.close()
        let error = try await task.value
        let later = try await Letters.failure(client, message)
        await client.close()
        #expect(error == Self.cancelled(true))
        #expect(later == .closed)
    }
}
