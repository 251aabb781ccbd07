import FleetTesting
import HTTPClient
import Ledger
import Models
import Testing

@testable import Storefront

@Suite("Posting to a store", .timeLimit(.minutes(2)))
struct WebhookSenderTests {
    private func untilDelivered(_ fixture: WebhookFixture) async throws {
        try await eventually("nothing to wait") { try await fixture.backlog()?.waiting == 0 }
    }

    @Test("a post is a CloudEvent with what Standard Webhooks recommends, under its id, signed with every secret")
    func form() async throws {
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore()
            let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            try await fixture.show("A", 7)
            try await fixture.sending(to: store, secrets: secrets) { _ in try await untilDelivered(fixture) }
            let post = try #require(store.posts.first)
            let (body, message) = (post.body ?? [], try ScriptedStore.message(post))
            #expect(post.method == .post && post.url == "https://store.example/hooks")
            #expect(post.headers["content-type"] == "application/cloudevents+json")
            #expect(post.timeout == .seconds(15))
            #expect(message.type == Catalogue.product && message.envelope.revision == 7)
            #expect(message.envelope.source == "urn:stevedore:test")
            #expect(message.envelope.extensions == ["timestamp": "1970-01-01T00:00:00Z"])
            #expect(message.payload as? Product == WebhookFixture.product("A", 7))
            #expect(post.headers["webhook-id"] == message.envelope.id)
            let time = try #require(post.headers["webhook-timestamp"].flatMap { Int64($0) })
            #expect(abs(time - WebhookFixture.clock / 1_000_000) < 60)
            let signatures = secrets.map {
                WebhookSecret($0)?.signature(id: message.envelope.id, timestamp: time, body: body) ?? ""
            }
            #expect(post.headers["webhook-signature"] == signatures.joined(separator: " "))
        }
    }

    @Test("what fails is posted again under the same id until the store takes it", arguments: [500, 404, 302, 0])
    func retries(status: Int) async throws {
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore { number, _ in
                guard number < 3 else { return HTTPResponse(status: 200) }
                if status == 0 { throw HTTPError.unknownOutcome(.timedOut, "no answer") }
                return HTTPResponse(status: status)
            }
            let events = EventLog()
            try await fixture.show("A", 1)
            try await fixture.sending(to: store, events: events) { _ in try await untilDelivered(fixture) }
            #expect(store.posts.count == 4)
            #expect(Set(store.posts.map { $0.headers["webhook-id"] }).count == 1)
            #expect(events.all.compactMap(\.refusedAttempt) == [1, 2, 3])
            let journal = try await fixture.ledger.read { try $0.journalEntries(subject: "A") }
            #expect(journal.map(\.stage) == ["posted"] && journal.first?.attempt == 4)
        }
    }

    @Test("revisions of an object are posted one after the other, never an older one after a newer one")
    func ordered() async throws {
        try await WebhookFixture.with { fixture in
            let gate = Gate()
            let store = ScriptedStore { number, _ in
                if number == 0 { await gate.pass() }
                return HTTPResponse(status: number == 0 ? 500 : 200)
            }
            try await fixture.show("A", 1)
            try await fixture.sending(to: store) { _ in
                try await eventually("the first to be on its way") { gate.waiting == 1 }
                for revision in 2...5 as ClosedRange<Int64> { try await fixture.show("A", revision) }
                try await fixture.show("B", 1)
                try await eventually("another object to be taken") { store.told == ["A 1", "B 1"] }
                gate.open()
                try await untilDelivered(fixture)
            }
            #expect(store.told == ["A 1", "B 1", "A 5"])
        }
    }

    @Test("an object that the store never takes holds up no other", arguments: [400, 500])
    func poison(status: Int) async throws {
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore { _, message in
                HTTPResponse(
                    status: message.envelope.subject == "BAD" ? status : 200, body: Array("bad\u{1B}[2J\n".utf8))
            }
            try await fixture.show("BAD", 1)
            for number in 0..<50 { try await fixture.show("S-\(number)", 1) }
            try await fixture.sending(to: store) { _ in
                try await eventually("all others") { try await fixture.backlog()?.waiting == 1 }
                try await eventually("some tries") { store.told.filter(Self.isBad).count > 8 }
                try await fixture.show("LAST", 1)
                try await eventually("one more") { store.told.contains("LAST 1") }
            }
            let backlog = try #require(try await fixture.backlog())
            #expect(backlog.failing == 1)
            #expect(backlog.worst?.reason == "The store answered \(status): bad [2J")
        }
    }

    private static func isBad(_ text: String) -> Bool { text.hasPrefix("BAD") }

    @Test("no more posts are made at once than are allowed, and each object once")
    func concurrency() async throws {
        try await WebhookFixture.with { fixture in
            let gate = Gate()
            let store = ScriptedStore { _, _ in
                await gate.pass()
                return HTTPResponse(status: 200)
            }
            for number in 0..<20 { try await fixture.show("S-\(number)", 1) }
            try await fixture.sending(to: store) {
                $0.concurrency = 3
            } _: { _ in
                try await eventually("three on their way") { gate.waiting == 3 }
                try await fixture.show("NEWS", 1)
                #expect(gate.waiting == 3)
                gate.open()
                try await untilDelivered(fixture)
            }
            #expect(Set(store.told).count == 21 && store.posts.count == 21)
        }
    }

    @Test("a store that asks for a pause gets it, for all objects", arguments: [429, 503])
    func retryAfter(status: Int) async throws {
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore { number, _ in
                HTTPResponse(status: number == 0 ? status : 200, headers: number == 0 ? ["retry-after": "2"] : [:])
            }
            let events = EventLog()
            try await fixture.show("A", 1)
            try await fixture.sending(to: store, events: events) { _ in
                try await eventually("the pause") { try await fixture.backlog()?.pause != nil }
                let begin = ContinuousClock.now
                try await fixture.show("B", 1)
                try await untilDelivered(fixture)
                #expect(ContinuousClock.now - begin > .seconds(1))
            }
            #expect(store.posts.count == 3)
            #expect(events.all.filter(\.isPause).count == 1)
        }
    }

    @Test("410 Gone ends the posts, which are kept, until a sender is started anew")
    func gone() async throws {
        try await WebhookFixture.with { fixture in
            let events = EventLog()
            let store = ScriptedStore { _, _ in HTTPResponse(status: 410) }
            for number in 0..<30 { try await fixture.show("S-\(number)", 1) }
            try await fixture.sending(to: store, events: events) {
                $0.concurrency = 4
            } _: { _ in
                try await eventually("the end") { try await fixture.backlog()?.pause != nil }
            }
            #expect(store.posts.count <= 4)
            #expect(events.all.filter(\.isGone).count == 1)
            let backlog = try #require(try await fixture.backlog())
            #expect(backlog.waiting == 30 && backlog.pause?.until == nil)
            let reopened = ScriptedStore()
            try await fixture.sending(to: reopened) { _ in try await untilDelivered(fixture) }
            #expect(Set(reopened.told).count == 30)
        }
    }

    @Test("a store that takes nothing is asked by one post at a time, and gets everything when it is back")
    func outage() async throws {
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore { number, _ in
                HTTPResponse(status: number < 9 ? 503 : 200)
            }
            for number in 0..<40 { try await fixture.show("S-\(number)", 1) }
            try await fixture.sending(to: store) { _ in
                try await eventually(within: .seconds(60), "all") { try await fixture.backlog()?.waiting == 0 }
            }
            #expect(store.posts.count == 49)
        }
    }

    @Test("only failures of several objects slow everything down, and one success ends that")
    func pace() {
        var pace = WebhookPace(limit: 8)
        let start = ContinuousClock.now
        for _ in 0..<100 { pace.noteFailure(of: 1, now: start) }
        #expect(!pace.isOutage && pace.room(inFlight: 3, now: start) == 5)
        for object in 2...8 as ClosedRange<Int64> { pace.noteFailure(of: object, now: start) }
        #expect(pace.isOutage && pace.room(inFlight: 0, now: start + .milliseconds(999)) == 0)
        #expect(
            pace.room(inFlight: 0, now: start + .seconds(1)) == 1
                && pace.room(inFlight: 1, now: start + .seconds(1)) == 0)
        var now = start + .seconds(1)
        for seconds in [2, 4, 8, 16, 30, 30] {
            pace.noteFailure(of: 9, now: now)
            #expect(pace.room(inFlight: 0, now: now + .seconds(seconds) - .milliseconds(1)) == 0)
            now += .seconds(seconds)
            #expect(pace.room(inFlight: 0, now: now) == 1)
        }
        pace.noteAnswer()
        #expect(pace.room(inFlight: 0, now: now) == 8)
    }

    @Test("a stop waits for the answers to what is on its way, and begins nothing more")
    func stop() async throws {
        try await WebhookFixture.with { fixture in
            let gate = Gate()
            let store = ScriptedStore { _, _ in
                await gate.pass()
                return HTTPResponse(status: 200)
            }
            for sku in ["A", "B"] { try await fixture.show(sku, 1) }
            try await fixture.sending(to: store) {
                $0.concurrency = 1
            } _: { sender in
                try await eventually("one on its way") { gate.waiting == 1 }
                sender.stop()
                gate.open()
            }
            #expect(store.told == ["A 1"])
            #expect(try await fixture.lease().map(\.post.subject) == ["B"])
        }
    }

    @Test("what a cancelled sender had on its way is free at once, and counts as no failure")
    func cancelled() async throws {
        struct Enough: Error {}
        // Ends only with the task that listens.
        let (silence, keptOpen) = AsyncStream<Never>.makeStream()
        defer { keptOpen.finish() }
        try await WebhookFixture.with { fixture in
            let store = ScriptedStore { _, _ in
                for await _ in silence {}
                throw HTTPError.cancelled(mayHaveBeenReceived: true)
            }
            try await fixture.show("A", 1)
            await #expect(throws: Enough.self) {
                try await fixture.sending(to: store) { _ in
                    try await eventually("one on its way") { store.posts.count == 1 }
                    throw Enough()
                }
            }
            let backlog = try await fixture.backlog()
            #expect(backlog?.failing == 0)
            #expect(try await fixture.lease().map(\.post.subject) == ["A"])
        }
    }

    @Test("a post that takes longer than its lease keeps it")
    func longPost() async throws {
        try await WebhookFixture.with { fixture in
            let gate = Gate()
            let store = ScriptedStore { _, _ in
                await gate.pass()
                return HTTPResponse(status: 200)
            }
            try await fixture.show("A", 1)
            try await fixture.sending(to: store) {
                $0.lease = .seconds(9)
            } _: { _ in
                try await eventually("one on its way") { gate.waiting == 1 }
                var ends: Set<Int64> = []
                try await eventually("the lease to be renewed three times") {
                    ends.insert(try await fixture.leaseEnd())
                    #expect(try await fixture.lease(by: "thief").isEmpty)
                    return ends.count == 4
                }
                gate.open()
                try await untilDelivered(fixture)
            }
            #expect(store.posts.count == 1)
        }
    }

    @Test("the pause after a failure grows threefold up to an hour, and is spread")
    func schedule() {
        let schedule = WebhookSchedule()
        #expect(schedule.delay(after: 1, spread: 0.5) == .seconds(5))
        #expect(schedule.delay(after: 2, spread: 0.5) == .seconds(15))
        #expect(schedule.delay(after: 7, spread: 0.5) == .seconds(3_600))
        #expect(schedule.delay(after: .max, spread: 0.5) == .seconds(3_600))
        #expect(schedule.delay(after: 1, spread: 0) == .seconds(4))
    }
}

extension WebhookEvent {
    fileprivate var refusedAttempt: Int? {
        if case .refused(let post, _, _, _) = self { post.attempt } else { nil }
    }

    fileprivate var isPause: Bool {
        if case .paused = self { true } else { false }
    }

    fileprivate var isGone: Bool {
        if case .gone = self { true } else { false }
    }
}
