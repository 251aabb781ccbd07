import Testing

@testable import Stevedore

@Suite("Starting programs again")
struct RestartPolicyTests {
    @Test("each quick end waits twice as long, thirty seconds at most")
    func backoff() {
        var policy = RestartPolicy()
        let waits = (1...8).map { _ in policy.ended(.killed(9), after: .seconds(1)) }
        #expect(
            waits == [0.5, 1, 2, 4, 8, 16, 30, 30].map { .restart(after: .milliseconds(Int($0 * 1_000))) })
    }

    @Test("a program that ran well is started again soon")
    func recovered() {
        var policy = RestartPolicy()
        for _ in 1...6 { _ = policy.ended(.exited(1), after: .zero) }
        #expect(policy.ended(.killed(9), after: .seconds(31)) == .restart(after: .milliseconds(500)))
    }

    @Test("a wrong configuration is tried once more, then everything stops")
    func configuration() {
        var policy = RestartPolicy()
        #expect(policy.ended(.exited(78), after: .zero) == .restart(after: .milliseconds(500)))
        #expect(policy.ended(.exited(78), after: .zero) == .giveUp)
    }

    @Test("a wrong configuration between crashes does not count as a repeat")
    func mixed() {
        var policy = RestartPolicy()
        _ = policy.ended(.exited(78), after: .zero)
        _ = policy.ended(.killed(9), after: .zero)
        #expect(policy.ended(.exited(78), after: .zero) != .giveUp)
    }

    @Test("what cannot have its port at the first start is not tried again; later it is")
    func unavailable() {
        var policy = RestartPolicy()
        #expect(policy.ended(.exited(69), after: .zero) == .giveUp)
        policy = RestartPolicy()
        _ = policy.ended(.killed(9), after: .zero)
        #expect(policy.ended(.exited(69), after: .zero) != .giveUp)
    }

    @Test("wrong usage is never tried again")
    func usage() {
        var policy = RestartPolicy()
        #expect(policy.ended(.exited(64), after: .zero) == .giveUp)
    }

    @Test("a thousand quick ends do not overflow")
    func many() {
        var policy = RestartPolicy()
        for _ in 1...1_000 { _ = policy.ended(.exited(1), after: .zero) }
        #expect(policy.ended(.exited(1), after: .zero) == .restart(after: .seconds(30)))
    }

    @Test("the last words are the program's own sentence and what follows it")
    func lastWords() {
        var words = LastWords(program: "orders-worker")
        for line in ["time=… level=info", "orders-worker: The ledger is newer.", "Install a newer release."] {
            words.hear(line)
        }
        #expect(words.lines == ["The ledger is newer.", "Install a newer release."])
    }
}
