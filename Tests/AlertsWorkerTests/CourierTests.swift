import FleetTesting
import Ledger
import MailClient
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Sending alerts by mail", .timeLimit(.minutes(2)))
struct CourierTests {
    private static func messageIDs(_ mails: [ReceivedMail]) -> Set<String> {
        Set(mails.compactMap { $0.rawHeader("Message-ID") })
    }

    private static func recipients(_ mails: [ReceivedMail]) -> [String] { mails.flatMap(\.recipients).sorted() }

    private static func areDigests(_ mails: [ReceivedMail], of count: Int) -> Bool {
        mails.allSatisfy { $0.header("Subject")?.contains("\(count) alerts") == true }
    }

    @Test("all that is due for one recipient is one mail, however their address is capitalised")
    func digest() async throws {
        let mailbox = try await Mailbox()
        try await CourierDesk.with { desk in
            for key in ["one", "two"] { try await desk.raise(key, "ann@example.com") }
            try await desk.raise("three", "Ann@Example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url))
            try await desk.working(courier) { try await desk.settled() }
            let mails = try mailbox.received()
            let mail = try #require(mails.first)
            let text = try #require(mail.text)
            #expect(mails.count == 1)
            #expect(mail.header("Subject")?.hasPrefix("[Stevedore] 3 alerts: ERROR: 500 orders wait") == true)
            #expect(text.contains("groups show one") && text.contains("groups show two"))
            #expect(text.contains("groups show three") && mail.html?.contains("groups show three") == true)
            #expect(mail.partTypes == ["multipart/alternative", "text/plain", "text/html"])
            #expect(mail.defects.isEmpty)
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(notice.state == .sent && notice.attempts == 0)
            #expect(mail.rawHeader("Message-ID") == notice.message.map { "<\($0)>" })
        }
    }

    @Test("one of three recipients is refused: the others have their mail, and the reason is kept")
    func refused() async throws {
        let mailbox = try await Mailbox(["--refuse", "bob@example.com"])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com", "bob@example.com", "cas@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url))
            try await desk.working(courier) { try await desk.settled() }
            let mails = try mailbox.received()
            #expect(Self.recipients(mails) == ["ann@example.com", "cas@example.com"])
            let refused = try #require(try await desk.notice("one", for: "bob@example.com"))
            #expect(refused.state == .refused)
            #expect(refused.reason?.contains("550") == true && refused.reason?.contains("address") == true)
            let samples = await courier.samples()
            #expect(samples["stevedore_alerts_sent_total"]?.first == "{channel=\"mail\"} 2")
            #expect(samples["stevedore_alerts_refused_total"]?.first == "{channel=\"mail\"} 1")
            #expect(samples["stevedore_alerts_waiting"]?.first == "{channel=\"mail\"} 0")
        }
    }

    @Test("what a server does not take now it gets again, once", arguments: ["rcpt", "data"])
    func later(place: String) async throws {
        let mailbox = try await Mailbox(["--temporary", "2", "--temporary-at", place])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url))
            try await desk.working(courier) { try await desk.settled() }
            let mails = try mailbox.received()
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(mails.count == 1)
            #expect(notice.state == .sent && notice.attempts == 2)
        }
    }

    @Test("while the server is down alerts wait, and each arrives once when it is up")
    func down() async throws {
        let port = try KeptPort.next()
        try await CourierDesk.with { desk in
            for key in ["one", "two", "three"] { try await desk.raise(key, "ann@example.com", "bob@example.com") }
            let courier = desk.courier(mail: try CourierDesk.mail("smtp://127.0.0.1:\(port)"))
            try await desk.working(courier) {
                try await eventually("some tries in vain") { try await desk.tries() > 3 }
                let check = await courier.check()
                #expect(check.isUp && check.state == "paused")
                #expect(check.detail.hasPrefix("2 mails waiting since 20"))
                let mailbox = try await Mailbox(["--port", "\(port)"])
                try await desk.settled()
                let mails = try mailbox.received()
                #expect(Self.recipients(mails) == ["ann@example.com", "bob@example.com"])
                #expect(Self.areDigests(mails, of: 3))
            }
            let check = await courier.check()
            #expect(check.state == nil && check.detail == "nothing waits")
        }
    }

    @Test("a server that takes a mail and never says so gets it again under the same Message-ID")
    func hang() async throws {
        let mailbox = try await Mailbox(["--hang-after-data", "1"])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url, answerTimeout: .seconds(1)))
            try await desk.working(courier) { try await desk.settled() }
            let mails = try mailbox.received()
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(mails.count == 2 && notice.state == .sent && notice.attempts == 1)
            #expect(Self.messageIDs(mails).count == 1)
            #expect(Set(mails.map(\.raw)).count == 1)
        }
    }

    @Test("a server that never says that it takes a mail gets three copies at most, and that nobody knows is kept")
    func bounded() async throws {
        let mailbox = try await Mailbox(["--hang-after-data", "9"])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url, answerTimeout: .seconds(1)))
            try await desk.working(courier) { try await desk.settled() }
            let mails = try mailbox.received()
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(mails.count == 3 && Self.messageIDs(mails).count == 1)
            #expect(notice.state == .sent && notice.copies == 3)
            #expect(notice.reason?.hasPrefix("unknown whether it arrived") == true)
        }
    }

    @Test("a courier that is cancelled does not wait for an answer, and counts the copy that the server has")
    func cancelled() async throws {
        let mailbox = try await Mailbox(["--hang-after-data", "9"])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url, answerTimeout: .seconds(600)))
            let running = Task { await courier.work(as: "a") }
            _ = try await mailbox.received(atLeast: 1)
            running.cancel()
            await running.value
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(notice.state == .due && notice.copies == 1 && notice.attempts == 1)
        }
    }

    @Test("a certificate of a stranger gets no mail: the alert waits, and why is said with a remedy")
    func certificate() async throws {
        let directory = try TemporaryDirectory()
        let certificates = try await Mailbox.certificates(in: directory)
        let mailbox = try await Mailbox([
            "--tls-cert", certificates.directory + "/stranger.pem", "--tls-key",
            certificates.directory + "/stranger.key", "--require-starttls",
        ])
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let carrier = try CourierDesk.mail(
                mailbox.url, security: .starttls, caFile: certificates.authority)
            let courier = desk.courier(mail: carrier)
            try await desk.working(courier) {
                try await eventually("two tries in vain") { try await desk.tries() > 1 }
            }
            let notice = try #require(try await desk.notice("one", for: "ann@example.com"))
            let check = await courier.check()
            #expect(notice.state == .due)
            #expect(notice.reason?.contains("Check the mail server's certificate") == true)
            #expect(check.state == "paused" && check.detail.contains("certificate"))
            #expect(try mailbox.received().isEmpty)
        }
        withExtendedLifetime(directory) {}
    }

    @Test("the end of an alert is told to whoever was told of it, in the same thread")
    func thread() async throws {
        let mailbox = try await Mailbox()
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier(mail: try CourierDesk.mail(mailbox.url))
            try await desk.working(courier) {
                try await desk.settled()
                try await desk.tell("one", "ann@example.com", .again)
                try await desk.settled()
                try await desk.save(CourierDesk.resolved("one"))
                try await desk.tell("one", "ann@example.com", .resolved)
                try await desk.settled()
            }
            let mails = try mailbox.received()
            try #require(mails.count == 3)
            let first = try #require(mails[0].rawHeader("Message-ID"))
            #expect(mails[0].rawHeader("In-Reply-To") == nil)
            #expect(mails[1].rawHeader("In-Reply-To") == first && mails[2].rawHeader("In-Reply-To") == first)
            #expect(mails[2].rawHeader("References") == first)
            #expect(
                mails[2].header("Subject") == "[Stevedore] Resolved: All orders of one went through (sku.unknown)")
        }
    }

    @Test("two processes at once send one mail to each recipient")
    func two() async throws {
        let mailbox = try await Mailbox()
        let people = (1...5).map { "p\($0)@example.com" }
        try await CourierDesk.with { desk in
            for number in 1...10 {
                try await desk.save(CourierDesk.alert("k\(number)"))
                for person in people { try await desk.tell("k\(number)", person) }
            }
            let couriers = [
                desk.courier(mail: try CourierDesk.mail(mailbox.url)),
                desk.courier(mail: try CourierDesk.mail(mailbox.url)),
            ]
            try await desk.working(couriers[0], as: "a") {
                try await desk.working(couriers[1], as: "b") { try await desk.settled() }
            }
            let mails = try mailbox.received()
            #expect(Self.recipients(mails) == people)
        }
    }
}
