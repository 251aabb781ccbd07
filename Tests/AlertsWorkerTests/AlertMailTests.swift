import FleetTesting
import MailClient
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What a mail about alerts says")
struct AlertMailTests {
    private static let now = Timestamp(microseconds: 1_700_007_800_000_000) ?? .epoch
    private static let hour = LocalTime { _ in 3_600 }

    private static func item(
        _ alert: Alert, _ occasion: AlertNotice.Occasion = .raised, by name: String? = nil, note: String? = nil
    ) -> AlertLetter.Item {
        let record = AlertRecord(
            alert, acknowledgedBy: name, acknowledgedAt: name.map { _ in alert.raisedAt.microseconds }, note: note)
        return .init(record: record, occasion: occasion, rules: ["orders"])
    }

    private static func letter(_ items: [AlertLetter.Item]) -> AlertLetter {
        AlertLetter(
            message: "018bcfe5-6800-7000-8000-000000000000@example.com", channel: .mail, recipient: "ann@example.com",
            notices: [], items: items)
    }

    private static func mail(_ items: AlertLetter.Item...) -> AlertMail {
        AlertMail(letter(items), time: hour, now: now)
    }

    private static func full() throws -> Alert {
        var alert = CourierDesk.alert("dead-letter/5f1d")
        alert.accounts = ["C-2044", "C-2045"]
        alert.subjects = ["W-1001", "W-1002"]
        alert.atStake = [
            AlertStake(amount: try #require(ExactDecimal("18450.20")), currency: .usd),
            AlertStake(amount: try #require(ExactDecimal("-0.50")), currency: try #require(Currency("EUR"))),
        ]
        alert.commands.append("dead-letter replay --fingerprint 5f1d --reason '…'")
        alert.lastAt = Timestamp(microseconds: alert.raisedAt.microseconds + 60_000_000) ?? alert.raisedAt
        return alert
    }

    private static let hostile = "<script>alert(1)</script>\r\nBcc: eve@example.com\n\u{202E}gnp.exe\" onload='x' &amp;"

    // MARK: - Subject

    @Test("the subject names how bad it is, what, and the code, in a hundred columns")
    func subject() {
        var alert = CourierDesk.alert("one")
        #expect(
            Self.mail(Self.item(alert)).subject
                == "[Stevedore] ERROR: 500 orders wait: unknown product BOLT of one (sku.unknown)")
        alert.sentence = String(repeating: "A very long story. ", count: 40)
        alert.severity = .critical
        let subject = Self.mail(Self.item(alert)).subject
        #expect(InertText.columns(subject) <= 100)
        #expect(subject.hasPrefix("[Stevedore] CRITICAL: A very long story."))
        #expect(subject.hasSuffix("… (sku.unknown, 500 messages)"))
    }

    @Test("the subject says that an alert is over, that nobody has acted, and how many there are")
    func occasions() {
        let (one, two) = (CourierDesk.alert("one"), CourierDesk.alert("two"))
        let over = CourierDesk.resolved("three")
        #expect(Self.mail(Self.item(over, .resolved)).subject.hasPrefix("[Stevedore] Resolved: All orders of three"))
        #expect(Self.mail(Self.item(one, .escalated)).subject.hasPrefix("[Stevedore] Nobody has acted: 500 orders"))
        #expect(
            Self.mail(Self.item(one), Self.item(two), Self.item(over, .resolved)).subject
                .hasPrefix("[Stevedore] 3 alerts: ERROR: 500 orders wait"))
        #expect(
            Self.mail(Self.item(over, .resolved), Self.item(over, .resolved)).subject
                .hasPrefix("[Stevedore] Resolved: 2 alerts: All orders"))
    }

    @Test("what is particular stands first in the subject, and no phrase that every such mail has")
    func particular() {
        var alert = CourierDesk.alert("one")
        alert.sentence = "3 orders wait for a person: There is no product FST-9999."
        alert.count = 3
        #expect(
            Self.mail(Self.item(alert)).subject
                == "[Stevedore] ERROR: 3 orders: There is no product FST-9999 (sku.unknown)")
        (alert.kind, alert.code, alert.count, alert.subjects) = (.expectation, "expectation.missed", 1, ["W-1001"])
        alert.sentence = "1 order has had no answer from the ERP within 15m, in which the ERP was within reach."
        let subject = Self.mail(Self.item(alert)).subject
        #expect(subject.hasPrefix("[Stevedore] ERROR: W-1001: 1 order has had no answer"))
        #expect(InertText.columns(subject) <= 100)
    }

    // MARK: - Text

    @Test("the body answers what happened, to whom, how much is at stake, what to do and how, who does")
    func order() throws {
        let text = Self.mail(Self.item(try Self.full())).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let headings = [
            "What happened", "To whom", "How much is at stake", "What to do", "Commands", "Who looks after it",
            "To say that you look after it", "Why you get this",
        ]
        #expect(lines.filter(headings.contains) == headings)
        for line in [
            "  500 orders wait: unknown product BOLT of dead-letter/5f1d.", "  Accounts: C-2044, C-2045",
            "  Objects: W-1001, W-1002 and 498 more", "  18,450.20 USD", "  -0.50 EUR",
            "    dead-letter groups show dead-letter/5f1d",
            "    dead-letter replay --fingerprint 5f1d --reason '…'", "  Nobody yet.",
            "    stevedore alerts acknowledge dead-letter/5f1d",
        ] { #expect(lines.contains(line)) }
        #expect(text.contains("2023-11-14 23:13:20 +01:00 (2023-11-14 22:13:20 UTC)"))
    }

    @Test("who looks after an alert is named with their note, and is not asked to say so again")
    func attended() {
        let text = Self.mail(Self.item(CourierDesk.alert("one"), by: "bob", note: "calling\nthe buyer")).text
        #expect(text.contains("  bob, since 2023-11-14") && text.contains("  They say: calling the buyer"))
        #expect(!text.contains("alerts acknowledge"))
    }

    @Test("an alert that is over asks for nothing, and says how long it lasted")
    func over() {
        let text = Self.mail(Self.item(CourierDesk.resolved("one"), .resolved)).text
        #expect(text.hasPrefix("RESOLVED: sku.unknown\n"))
        #expect(text.contains("At its worst 500 messages") && text.contains(" after "))
        #expect(!text.contains("What to do") && !text.contains("alerts acknowledge"))
    }

    @Test("an outage says how many flows and streams wait, and no bare number")
    func outage() {
        var alert = CourierDesk.alert("outage/erp", code: "outage.erp")
        (alert.kind, alert.count, alert.sentence) = (.outage, 6, "The ERP cannot be reached, and work waits for it.")
        let mail = Self.mail(Self.item(alert))
        #expect(mail.subject.hasSuffix("(outage.erp, 6 flows and streams)"))
        #expect(mail.text.contains("6 flows and streams concerned."))
    }

    @Test("an escalation says that nobody has acted, and since when it goes on")
    func escalation() {
        let text = Self.mail(Self.item(CourierDesk.alert("one"), .escalated)).text
        #expect(text.contains("Nobody has acted on this, 2h 10m after it began."))
    }

    @Test("no line is wider than 78 columns, but for commands, which are whole")
    func width() {
        var alert = CourierDesk.alert("one")
        let command = "dead-letter replay --reason '" + String(repeating: "long ", count: 30) + "'"
        alert.sentence = String(repeating: "商品が不明です ", count: 20) + String(repeating: "x", count: 300)
        alert.remedy = String(repeating: "Do this, then that. ", count: 20)
        alert.commands = [command]
        let lines = Self.mail(Self.item(alert), Self.item(CourierDesk.alert("two"))).text.split(separator: "\n")
        let wide = lines.filter { InertText.columns(String($0)) > 78 }
        #expect(wide == ["    \(command)"])
    }

    @Test("fifty alerts are told in full, the others counted")
    func many() {
        let items = (1...60).map { Self.item(CourierDesk.alert("key-\($0)")) }
        let mail = AlertMail(Self.letter(items), time: Self.hour, now: Self.now)
        #expect(mail.subject.contains("60 alerts"))
        #expect(mail.text.contains("groups show key-50\n") && !mail.text.contains("groups show key-51"))
        #expect(mail.text.contains("And 10 more alerts: 10 error.") && mail.html.contains("And 10 more alerts"))
    }

    // MARK: - Hostile texts

    @Test("names and sentences from messages make no tag, no header, no line and no turn of the writing")
    func hostility() async throws {
        var alert = CourierDesk.alert("k'; rm -rf ~ #")
        (alert.sentence, alert.remedy, alert.owner) = (Self.hostile, Self.hostile, Self.hostile)
        (alert.subjects, alert.accounts, alert.commands) = ([Self.hostile], [Self.hostile], [Self.hostile])
        alert.links = ["javascript:alert(1)", "http://example.com/", "https://example.com/?a=1&b='\"><i>"]
        let item = Self.item(alert, note: Self.hostile)
        let mail = Self.mail(item)
        #expect(!mail.html.contains("<script") && !mail.html.contains("<i>"))
        #expect(mail.html.contains("&lt;script&gt;") && !mail.html.contains("\" onload="))
        #expect(!mail.html.contains("javascript:") && !mail.html.contains("href=\"http:"))
        for text in [mail.subject, mail.text, mail.html] {
            #expect(!text.unicodeScalars.contains("\u{202E}") && !text.unicodeScalars.contains("\r"))
        }
        #expect(!mail.subject.contains("\n") && !mail.text.contains("\nBcc:"))
        let carrier = try CourierDesk.mail("smtp://127.0.0.1:1")
        let recipient = try #require(MailAddress("ann@example.com"))
        let message = try #require(carrier.message(Self.letter([item]), to: recipient))
        let seen = try await Mailbox.read(message.rendered())
        #expect(seen.defects.isEmpty && seen.bareLineBreaks == 0)
        #expect(!seen.headerNames.contains("Bcc") && seen.headerNames.contains("Auto-Submitted"))
        #expect(seen.header("X-Stevedore-Severity") == "error")
    }

    @Test("the command to say that one looks after an alert is one word to a shell, whatever its key")
    func shell() {
        #expect(MailText.shellWord("outage/erp") == "outage/erp")
        #expect(MailText.shellWord("k'; rm -rf ~ #") == #"'k'\''; rm -rf ~ #'"#)
        #expect(MailText.shellWord("--help") == "'--help'" && MailText.shellWord("") == "''")
    }

    @Test("the page loads nothing, and says in words what its colours say")
    func page() {
        let html = Self.mail(Self.item(CourierDesk.alert("one"))).html
        for foreign in ["<img", "<link", "<style", "src=", "url("] { #expect(!html.contains(foreign)) }
        #expect(html.contains("<html lang=\"en\">") && html.contains(">ERROR</span>"))
        #expect(html.contains("<code>dead-letter groups show one</code>"))
    }

    // MARK: - Times

    @Test("a time is told on the machine's clock with its offset and in UTC, or in UTC alone where both agree")
    func times() {
        let time = Timestamp(microseconds: 1_700_000_000_123_456) ?? .epoch
        let west = LocalTime { _ in -12_600 }
        #expect(west.text(time) == "2023-11-14 18:43:20 -03:30 (2023-11-14 22:13:20 UTC)")
        #expect(LocalTime { _ in 0 }.text(time) == "2023-11-14 22:13:20 UTC")
    }
}
