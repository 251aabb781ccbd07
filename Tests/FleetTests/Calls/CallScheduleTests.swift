import FleetTesting
import Testing

@testable import Fleet

@Suite struct CallScheduleTests {
    @Test("jobs start in the order in which they came")
    func order() {
        var schedule = CallSchedule<Int>()
        for job in 0..<5 { schedule.add(job, subject: "S\(job)") }
        #expect((0..<5).compactMap { _ in schedule.next(limit: 10)?.job } == [0, 1, 2, 3, 4])
    }

    @Test("a job waits for the one before it of the same subject, and nobody else does")
    func sameSubject() {
        var schedule = CallSchedule<String>()
        schedule.add("a1", subject: "A")
        schedule.add("a2", subject: "A")
        schedule.add("b1", subject: "B")
        #expect(schedule.next(limit: 10)?.job == "a1")
        #expect(schedule.next(limit: 10)?.job == "b1")
        #expect(schedule.next(limit: 10) == nil)
        schedule.finished(subject: "A")
        #expect(schedule.next(limit: 10)?.job == "a2")
    }

    @Test("no more run than the limit allows")
    func limit() {
        var schedule = CallSchedule<Int>()
        for job in 0..<3 { schedule.add(job, subject: "S\(job)") }
        #expect(schedule.next(limit: 2)?.job == 0)
        #expect(schedule.next(limit: 2)?.job == 1)
        #expect(schedule.next(limit: 2) == nil)
        schedule.finished(subject: "S0")
        #expect(schedule.next(limit: 2)?.job == 2)
    }

    @Test("a parked job gives its place away but keeps its subject")
    func parking() {
        var schedule = CallSchedule<String>()
        schedule.add("a1", subject: "A")
        schedule.add("a2", subject: "A")
        schedule.add("b1", subject: "B")
        #expect(schedule.next(limit: 1)?.job == "a1")
        schedule.parked()
        #expect(schedule.next(limit: 1)?.job == "b1")
        schedule.finished(subject: "B")
        #expect(schedule.next(limit: 1) == nil)
        schedule.unparked("a1", subject: "A")
        #expect(schedule.next(limit: 1)?.job == "a1")
    }

    @Test("taking out what has not begun keeps the subjects of what runs, and what is wanted")
    func removal() {
        var schedule = CallSchedule<String>()
        for job in ["a1", "a2", "b1", "b2", "c1", "c2"] { schedule.add(job, subject: String(job.prefix(1))) }
        #expect(schedule.next(limit: 10)?.job == "a1")
        let removed = schedule.removeUnstarted { $0 != "c2" }
        #expect(removed.sorted() == ["a2", "b1", "b2", "c1"])
        schedule.add("a3", subject: "a")
        schedule.add("b3", subject: "b")
        #expect(schedule.next(limit: 10)?.job == "c2")
        #expect(schedule.next(limit: 10)?.job == "b3")
        #expect(schedule.next(limit: 10) == nil, "a1 still runs")
        schedule.finished(subject: "a")
        #expect(schedule.next(limit: 10)?.job == "a3")
    }

    @Test("never two of a subject at once, and nothing is forgotten", .reportsSeed, arguments: 0..<50)
    func property(round: Int) {
        var random = SeededRandom(round: round)
        var schedule = CallSchedule<Int>()
        var running: [String: Int] = [:]
        var parked: [String: Int] = [:]
        var last: [String: Int] = [:]
        var done: Set<Int> = []
        var removed: [Int] = []
        func start() {
            while let next = schedule.next(limit: 4) {
                #expect(running.updateValue(next.job, forKey: next.subject) == nil, "two of \(next.subject)")
                #expect(parked[next.subject] == nil, "one runs beside its parked neighbour")
                #expect(last[next.subject, default: -1] <= next.job, "out of order")
                last[next.subject] = next.job
            }
            #expect(running.count <= 4 && schedule.running == running.count)
        }
        func step(_ choice: Int, _ job: Int) {
            switch choice {
            case 0: schedule.add(job, subject: "S\(Int.random(in: 0..<6, using: &random))")
            case 1:
                guard let (subject, job) = running.randomElement(using: &random) else { return }
                running[subject] = nil
                parked[subject] = job
                schedule.parked()
            case 2:
                guard let (subject, job) = parked.randomElement(using: &random) else { return }
                parked[subject] = nil
                if Bool.random(using: &random) { return schedule.unparked(job, subject: subject) }
                done.insert(job)
                schedule.finishedParked(subject: subject)
            case 3 where job % 7 == 0: removed += schedule.removeUnstarted { $0 % 2 == 0 }
            default:
                guard let (subject, job) = running.randomElement(using: &random) else { return }
                running[subject] = nil
                done.insert(job)
                schedule.finished(subject: subject)
            }
        }
        var added = 0
        for _ in 0..<500 {
            let choice = Int.random(in: 0..<5, using: &random)
            step(choice, added)
            if choice == 0 { added += 1 }
            start()
        }
        let unstarted = schedule.removeUnstarted()
        let all = unstarted + removed + Array(done) + Array(running.values) + Array(parked.values)
        #expect(all.sorted() == Array(0..<added))
    }
}
