import FleetTesting
import Testing

@testable import Fleet

@Suite("Which held message is called for first")
struct CallScheduleUrgencyTests {
    /// Starts all that may be started, and ends it at once; the jobs in the order of their starts.
    private static func drain(_ schedule: inout CallSchedule<String>, now: ContinuousClock.Instant? = nil) -> [String] {
        var started: [String] = []
        while let next = schedule.next(limit: 1, now: now) {
            started.append(next.job)
            schedule.finished(subject: next.subject)
        }
        return started
    }

    @Test("the most urgent, and among equals the first come")
    func urgent() {
        var schedule = CallSchedule<String>()
        for (index, job) in ["plain 1", "paid 1", "cancelled 1", "plain 2", "cancelled 2", "paid 2"].enumerated() {
            schedule.add(job, subject: "S\(index)", urgency: ["p": 0, "c": 3][job.first ?? "p"] ?? 0)
        }
        #expect(
            Self.drain(&schedule) == ["cancelled 1", "cancelled 2", "plain 1", "paid 1", "plain 2", "paid 2"])
        #expect(schedule.isIdle)
    }

    @Test("an urgent one waits for those before it of its own subject, and keeps its urgency meanwhile")
    func sameSubject() {
        var schedule = CallSchedule<String>()
        schedule.add("b", subject: "B")
        schedule.add("a1", subject: "A")
        schedule.add("a2", subject: "A", urgency: 5)
        schedule.add("c", subject: "C")
        #expect(Self.drain(&schedule) == ["b", "a1", "a2", "c"])
    }

    @Test("what goes on after a wait goes before the most urgent")
    func resumed() {
        var schedule = CallSchedule<String>()
        schedule.add("a", subject: "A")
        #expect(schedule.next(limit: 1)?.job == "a")
        schedule.parked()
        schedule.add("b", subject: "B", urgency: 9)
        schedule.unparked("a", subject: "A")
        #expect(!schedule.isIdle)
        #expect(Self.drain(&schedule) == ["a", "b"])
    }

    @Test("one that more than so many have overtaken gets a place, and then every other one")
    func overtaken() {
        var schedule = CallSchedule<Int>()
        schedule.patience.overtakings = 10
        for job in 0..<4 { schedule.add(job, subject: "low \(job)") }
        var started: [Int] = []
        for job in 100..<130 {
            schedule.add(job, subject: "high \(job)", urgency: 1)
            guard let next = schedule.next(limit: 1) else { break }
            started.append(next.job)
            schedule.finished(subject: next.subject)
        }
        // Ten overtake them all; the eleventh makes it too many, and from then on each second place is theirs.
        let places = started.indices.filter { started[$0] < 4 }
        #expect(places.map { started[$0] } == [0, 1, 2, 3])
        #expect(places == [11, 13, 15, 17])
        let urgent = started.filter { $0 >= 100 }
        #expect(urgent == Array(100..<126))
    }

    @Test("one that has waited for long gets every other place, the first come before the others")
    func waited() {
        let start = ContinuousClock.now
        var schedule = CallSchedule<String>()
        for job in ["l1", "l2"] { schedule.add(job, subject: job, since: start) }
        for job in ["m1"] { schedule.add(job, subject: job, urgency: 1, since: start) }
        for job in ["h1", "h2", "h3"] { schedule.add(job, subject: job, urgency: 2, since: start) }
        var early = schedule
        #expect(Self.drain(&early, now: start + .seconds(29)) == ["h1", "h2", "h3", "m1", "l1", "l2"])
        #expect(Self.drain(&schedule, now: start + .seconds(30)) == ["l1", "h1", "l2", "h2", "m1", "h3"])
    }

    @Test("what is taken out leaves the others in their order, and its subject to those behind it")
    func removal() {
        var schedule = CallSchedule<String>()
        schedule.add("a1", subject: "A", urgency: 1)
        schedule.add("a2", subject: "A", urgency: 3)
        schedule.add("b", subject: "B", urgency: 2)
        schedule.add("c", subject: "C")
        schedule.add("d", subject: "D", urgency: 2)
        let removed = schedule.removeUnstarted { ["a1", "b"].contains($0) }
        #expect(removed.sorted() == ["a1", "b"])
        #expect(Self.drain(&schedule) == ["a2", "d", "c"])
        #expect(schedule.removeUnstarted() == [] && schedule.isIdle)
    }

    @Test("whatever the urgencies, each starts once, in its subject's order, and nobody is left behind", .reportsSeed)
    func property() {
        var random = SeededRandom()
        var schedule = CallSchedule<Int>()
        schedule.patience.overtakings = 20
        var last: [String: Int] = [:]
        var started: [Int] = []
        for job in 0..<5_000 {
            // A subject each, but for some.
            let subject = Int.random(in: 0..<4, using: &random) == 0 ? "S\(job % 7)" : "J\(job)"
            schedule.add(job, subject: subject, urgency: Int.random(in: 0..<20, using: &random))
            guard job >= 64, let next = schedule.next(limit: 1) else { continue }
            #expect(last[next.subject, default: -1] < next.job)
            last[next.subject] = next.job
            started.append(next.job)
            schedule.finished(subject: next.subject)
        }
        while let next = schedule.next(limit: 1) {
            started.append(next.job)
            schedule.finished(subject: next.subject)
        }
        #expect(started.sorted() == Array(0..<5_000))
    }
}
