internal import Fleet
internal import RabbitMQ

/// Whether confirmed messages found a queue: one that no binding wants is confirmed as well, and waits in `unrouted`.
struct UnroutedWatch {
    let broker: BrokerConfiguration

    /// How many messages wait there; nil when there is no such queue, or this user may not look.
    ///
    /// Throws when the broker cannot be reached: a publisher would wait for it, a person wants to know.
    func count() async throws(ProgramError) -> Int? {
        let admin = try BrokerDesk.admin(broker)
        do throws(BrokerError) { try await admin.connect() } catch { throw ProgramError(error) }
        let status = try? await admin.status(ofQueue: FleetTopology.unroutedQueue)
        await admin.close()
        return status?.messageCount
    }

    /// Says so when there are more than there were.
    func expectNoMore(than before: Int?) async throws(ProgramError) {
        guard let before, let now = try? await count(), now > before else { return }
        throw ProgramError(
            code: "publish.unrouted",
            sentence:
                "While publishing, \(Count.text(now - before, "message")) found no queue and \(now - before == 1 ? "waits" : "wait") in "
                + "`unrouted`, safe but on no road.",
            remedy: "Run `stevedore topology apply`, then `dead-letter replay --all --queue unrouted --reason …`.",
            exit: .configuration)
    }
}
