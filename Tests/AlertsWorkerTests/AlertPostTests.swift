import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Posting alerts", .timeLimit(.minutes(1)))
struct AlertPostTests {
    private static let hook = "http://hook.example/alerts"

    @Test("each alert is a signed CloudEvent of its own that says why it is posted and who looks after it")
    func form() async throws {
        let server = try await AlertPostServer.start()
        try await CourierDesk.with { desk in
            for key in ["one", "two"] {
                try await desk.save(CourierDesk.alert(key))
                try await desk.tell(key, server.url, channel: .webhook)
            }
            let isOurs = try await desk.ledger.write {
                try $0.acknowledgeAlert(key: "one", by: "bob", note: nil, now: 1)
            }
            let courier = desk.courier(webhook: try server.carrier())
            try await desk.working(courier) { try await desk.settled() }
            let posts = try await server.posts()
            let messages = try posts.map { try MessageReader().read(Array($0.body.utf8)) }
            let first = try #require(messages.first { Self.isAbout("one", $0) })
            var expected = CourierDesk.alert("one")
            expected.owner = "bob"
            #expect(isOurs && posts.count == 2 && Set(posts.map(\.id)).count == 2)
            let areGenuine = posts.allSatisfy(\.isGenuine)
            #expect(areGenuine)
            #expect(first.type == Catalogue.alertRaised && first.payload as? Alert == expected)
            #expect(first.envelope.source == FleetTopology.source)
            #expect(first.envelope.extensions["occasion"] == "raised")
            #expect(first.envelope.extensions["rule"] == "orders")
            let notice = try #require(try await desk.notice("one", for: server.url))
            #expect(notice.state == .sent && notice.message == first.envelope.id)
        }
    }

    private static func isAbout(_ key: String, _ message: Received) -> Bool { message.envelope.subject == key }

    @Test(
        "what is not taken is posted again under the same id, and no redirect is followed",
        arguments: [500, 404, 302, 0])
    func again(status: Int) async throws {
        let server = try await AlertPostServer.start([status, status])
        try await CourierDesk.with { desk in
            try await desk.save(CourierDesk.alert("one"))
            try await desk.tell("one", server.url, channel: .webhook)
            let courier = desk.courier(webhook: try server.carrier(timeout: .milliseconds(500)))
            try await desk.working(courier) { try await desk.settled() }
            let posts = try await server.posts()
            let notice = try #require(try await desk.notice("one", for: server.url))
            #expect(posts.map(\.path) == ["/alerts", "/alerts", "/alerts"])
            #expect(Set(posts.map(\.id)).count == 1 && posts.allSatisfy(\.isGenuine))
            #expect(notice.state == .sent && notice.attempts == 2)
        }
    }

    @Test("410 is an answer for good, and the reason is kept")
    func gone() async throws {
        let server = try await AlertPostServer.start([410])
        try await CourierDesk.with { desk in
            try await desk.save(CourierDesk.alert("one"))
            try await desk.tell("one", server.url, channel: .webhook)
            let courier = desk.courier(webhook: try server.carrier())
            try await desk.working(courier) { try await desk.settled() }
            let posts = try await server.posts()
            let notice = try #require(try await desk.notice("one", for: server.url))
            #expect(posts.count == 1 && notice.state == .refused)
            #expect(notice.reason?.contains("410 Gone") == true)
        }
    }

    @Test("what was planned for an earlier address goes to the one of now, unless that is told the same")
    func moved() async throws {
        let server = try await AlertPostServer.start()
        try await CourierDesk.with { desk in
            for key in ["one", "two"] {
                try await desk.save(CourierDesk.alert(key))
                try await desk.tell(key, Self.hook, channel: .webhook)
            }
            try await desk.tell("two", server.url, channel: .webhook)
            let courier = desk.courier(webhook: try server.carrier())
            try await desk.working(courier) { try await desk.settled() }
            let posts = try await server.posts()
            let moved = try #require(try await desk.notice("one", for: server.url))
            let doubled = try #require(try await desk.notice("two", for: Self.hook))
            #expect(posts.count == 2 && moved.state == .sent && doubled.state == .dropped)
        }
    }

    @Test("what the program answers is shown without what could steer a terminal")
    func inert() async throws {
        let server = try await AlertPostServer.start([500])
        let item = AlertLetter.Item(record: AlertRecord(CourierDesk.alert("one")), occasion: .raised, rules: [])
        let letter = AlertLetter(message: "id", channel: .webhook, recipient: Self.hook, notices: [], items: [item])
        guard case .down(let trouble, _, _) = try await server.carrier().carry(letter) else {
            Issue.record("500 is no answer that lets the channel go on")
            return
        }
        #expect(trouble.code == "alerts.webhook.status.500")
        #expect(trouble.sentence == #"The webhook answered 500: no\u{1B}[31m room"#)
    }

    @Test("a webhook that is down holds up no mail")
    func apart() async throws {
        let mailbox = try await Mailbox()
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            try await desk.tell("one", Self.hook, channel: .webhook)
            let stuck = ScriptedCarrier { _ in
                _ = try? await Task.sleep(for: .seconds(60))
                return .none
            }
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url), webhook: stuck)
            let running = Task { await courier.work(as: "a") }
            _ = try await mailbox.received(atLeast: 1)
            try await eventually("the post to be in hand") { stuck.carried.count == 1 }
            running.cancel()
            await running.value
        }
    }
}
