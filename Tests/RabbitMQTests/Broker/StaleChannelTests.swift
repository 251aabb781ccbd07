import Synchronization
import Testing

@testable import RabbitMQ

@Suite("A channel that is refused everything to one place for a while", .timeLimit(.minutes(1)))
struct StaleChannelTests {
    @Test("is opened anew, whatever another place takes")
    func renewed() async throws {
        try await withPublisher { scene in
            var rounds = 0
            while await scene.publisher.publish(["lost", "found"].map(message)) != [.confirmed, .confirmed] {
                rounds += 1
            }
            #expect(rounds > 0)
            #expect(scene.channels.now == 2)
            #expect(scene.log.all.filter { $0 == .channelRenewed }.count == 1)
        }
    }

    @Test("stays while an answer is missing, which counts when it comes; but nobody waits for it for long")
    func inUse() async throws {
        try await withPublisher { scene in
            let publisher = scene.publisher
            async let held = publisher.publish([message("held")])
            await scene.fake.log.wait { if case .message = $0 { true } else { false } }
            while await publisher.publish([message("lost")], timeout: .seconds(3)) == [.nacked] {}
            #expect(scene.channels.now == 1)
            // Whatever goes elsewhere goes on.
            #expect(await publisher.publish([message("found")]) == [.confirmed])
            #expect(scene.channels.now == 1)
            scene.fake.send(RawFrame.ack(1))
            #expect(await held == [.confirmed])
            while await publisher.publish([message("lost")]) != [.confirmed] {}
            #expect(scene.channels.now == 2)
        }
    }

    @Test("stays while the broker is under an alarm, and is opened anew when that is over")
    func underAlarm() async throws {
        try await withPublisher { scene in
            let publisher = scene.publisher
            async let held = publisher.publish([message("held")])
            await scene.fake.log.wait { if case .message = $0 { true } else { false } }
            while await publisher.publish([message("lost")], timeout: .seconds(1)) == [.nacked] {}
            scene.fake.send(RawFrame.method(.blocked, channel: 0, RawFrame.short("disk")) + RawFrame.ack(1))
            #expect(await held == [.confirmed])
            let refused = await publisher.publish([message("lost")], timeout: .milliseconds(300))
            #expect(refused == [.notSent(.timedOut(operation: "publish: the broker is blocked by an alarm"))])
            #expect(scene.channels.now == 1)
            scene.fake.send(RawFrame.method(.unblocked, channel: 0))
            while await publisher.publish([message("lost")]) == [.nacked] {}
            #expect(scene.channels.now == 2)
        }
    }

    /// A publisher at a broker that refuses what goes to `lost` until there is a second channel, and answers for what goes
    /// to `held` only when it is told to.
    private struct Scene {
        let fake: FakeBroker
        let publisher: Publisher
        let channels: SharedCount
        let log: EventLog
    }

    /// Whatever becomes of the channel, the connection stays.
    private func withPublisher(_ body: (Scene) async throws -> Void) async throws {
        let (channels, log) = (SharedCount(), EventLog())
        let fake = try FakeBroker { event, _, send in
            switch event {
            case .method(.channelOpen, _):
                channels.add()
                return false
            case .message(let tag, _, "lost", _, _) where channels.now == 1:
                send(RawFrame.method(.nack, RawFrame.big(tag) + [0]))
                return true
            case .message(_, _, "held", _, _): return true
            default: return false
            }
        }
        let configuration = try TestBroker.configuration(urls: [fake.url], heartbeat: .seconds(20))
        let publisher = try Publisher(configuration: configuration, onEvent: log.note)
        try await publisher.start()
        try await body(Scene(fake: fake, publisher: publisher, channels: channels, log: log))
        #expect(log.all.filter(EventLog.isLost) == [])
        await publisher.close()
        fake.stop()
    }

    private func message(_ key: String) -> OutgoingMessage {
        OutgoingMessage(exchange: "e", routingKey: key, body: [1])
    }
}

/// Counts from any thread.
private final class SharedCount: Sendable {
    private let count = Atomic<Int>(0)
    var now: Int { count.load(ordering: .acquiring) }
    func add() { count.add(1, ordering: .acquiringAndReleasing) }
}
