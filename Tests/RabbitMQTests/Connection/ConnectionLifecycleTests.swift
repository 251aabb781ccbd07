import Testing

@testable import RabbitMQ

@Suite("The life of a connection")
struct ConnectionLifecycleTests {
    private let down = BrokerError.unreachable(host: "h", reason: "down")

    private func lifecycle(hosts: Int = 1, seed: UInt64 = 1) -> ConnectionLifecycle {
        ConnectionLifecycle(
            hosts: hosts, backoff: Backoff(initial: .milliseconds(100), maximum: .seconds(5)),
            random: SeededRandom(seed: seed))
    }

    @Test("an absent broker is tried again and again, with growing pauses that never pass the maximum")
    func absent() {
        var lifecycle = lifecycle()
        #expect(lifecycle.handle(.start) == .connect(host: 0))
        var pauses: [Duration] = []
        for _ in 0..<40 {
            guard case .pause(let pause, because: down) = lifecycle.handle(.failed(down)) else {
                Issue.record("a pause was due")
                return
            }
            pauses.append(pause)
            #expect(lifecycle.handle(.pauseOver) == .connect(host: 0))
        }
        #expect(pauses[0] >= .milliseconds(50) && pauses[0] <= .milliseconds(100))
        #expect(pauses[3] >= .milliseconds(400) && pauses[3] <= .milliseconds(800))
        #expect(pauses.allSatisfy { $0 <= .seconds(5) })
        #expect(pauses.suffix(10).allSatisfy { $0 >= .milliseconds(2500) })
        #expect(Set(pauses.suffix(10)).count > 1, "pauses have jitter")
    }

    @Test("every host is tried before there is a pause, and the round goes on where it stopped")
    func failover() {
        var lifecycle = lifecycle(hosts: 3)
        #expect(lifecycle.handle(.start) == .connect(host: 0))
        #expect(lifecycle.handle(.failed(down)) == .connect(host: 1))
        #expect(lifecycle.handle(.failed(down)) == .connect(host: 2))
        #expect(lifecycle.handle(.connected) == .none)
        guard case .pause = lifecycle.handle(.lost(.connectionLost("x"), lasted: .seconds(60))) else {
            Issue.record("a pause was due")
            return
        }
        #expect(lifecycle.handle(.pauseOver) == .connect(host: 0))
    }

    @Test("before the first success a fault that a person must mend ends it, and a new start is possible")
    func givesUp() {
        var lifecycle = lifecycle()
        _ = lifecycle.handle(.start)
        #expect(lifecycle.handle(.failed(.loginRefused)) == .giveUp(.loginRefused))
        #expect(lifecycle.state == .failed)
        #expect(lifecycle.handle(.pauseOver) == .none)
        #expect(lifecycle.handle(.start) == .connect(host: 0))
    }

    @Test("one host's refusal does not hide another host that works")
    func refusalOnOneHost() {
        var lifecycle = lifecycle(hosts: 2)
        _ = lifecycle.handle(.start)
        #expect(lifecycle.handle(.failed(.tls(reason: "expired"))) == .connect(host: 1))
        #expect(lifecycle.handle(.connected) == .none)
        #expect(lifecycle.state == .connected(host: 1))
    }

    @Test("after the first success nothing makes it give up")
    func perseveres() {
        var lifecycle = lifecycle()
        _ = lifecycle.handle(.start)
        _ = lifecycle.handle(.connected)
        _ = lifecycle.handle(.lost(.connectionLost("x"), lasted: .zero))
        _ = lifecycle.handle(.pauseOver)
        guard case .pause(_, because: .loginRefused) = lifecycle.handle(.failed(.loginRefused)) else {
            Issue.record("a pause was due")
            return
        }
    }

    @Test("a connection that lasts starts the pauses anew; one that flaps does not")
    func steadiness() {
        for (lasted, limit) in [(Duration.seconds(60), Duration.milliseconds(100)), (.seconds(1), .seconds(5))] {
            var lifecycle = lifecycle()
            _ = lifecycle.handle(.start)
            var last = Duration.zero
            for _ in 0..<10 {
                _ = lifecycle.handle(.connected)
                if case .pause(let pause, _) = lifecycle.handle(.lost(down, lasted: lasted)) { last = pause }
                _ = lifecycle.handle(.pauseOver)
            }
            #expect(last <= limit && last >= limit / 2)
        }
    }

    @Test("a stop ends everything, and nothing restarts it")
    func stopped() {
        var lifecycle = lifecycle()
        _ = lifecycle.handle(.start)
        _ = lifecycle.handle(.connected)
        #expect(lifecycle.handle(.stop) == .disconnect)
        for event in [ConnectionLifecycle.Event.start, .connected, .failed(down), .pauseOver, .stop] {
            #expect(lifecycle.handle(event) == .none)
        }
        #expect(lifecycle.state == .stopped)
    }

    @Test("whatever happens in whatever order, it never connects twice at once", arguments: 0..<100)
    func anySequence(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var lifecycle = lifecycle(hosts: 1 + seed % 3, seed: UInt64(seed))
        let events: [ConnectionLifecycle.Event] = [
            .start, .connected, .failed(down), .failed(.loginRefused), .lost(down, lasted: .seconds(1)), .pauseOver,
        ]
        for _ in 0..<300 {
            let before = lifecycle.state
            let action = lifecycle.handle(events.randomElement(using: &random) ?? .start)
            if case .connect(let host) = action {
                #expect(lifecycle.state == .connecting(host: host))
                if case .connected = before { Issue.record("connected while connected") }
            }
        }
    }
}
