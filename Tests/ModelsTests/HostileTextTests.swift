import Foundation
import Models
import Testing

@Suite("Hostile text")
struct HostileTextTests {
    static let keys = [
        "'; DROP TABLE orders; --", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "../../etc/passwd", "😀🧨",
        "\u{202E}gpj.exe",
        "Ame\u{301}lie", "Am\u{E9}lie", "{{7*7}}", "%s%n", "${jndi:ldap://x}", "a b", String(repeating: "😀", count: 64),
    ]

    @Test("business keys are kept verbatim, byte for byte", arguments: keys)
    func keysAreVerbatim(key: String) throws {
        var order = try Fixture.order(Array(Fixture.placed.utf8))
        order.lines[0].sku = key
        let envelope = Envelope(for: order, as: Catalogue.orderPlaced, source: "store:test", time: .epoch)
        let back = try Fixture.order(MessageWriter().write(envelope, order))
        #expect(Array(back.lines[0].sku.utf8) == Array(key.utf8))
    }

    @Test("line breaks in names and addresses stay what they are")
    func freeTextIsVerbatim() throws {
        let name = "Ana\r\nBcc: everyone@example.com\u{1}"
        var order = try Fixture.order(Array(Fixture.placed.utf8))
        order.contact = Contact(name: name, email: "a\r\nb@example.com")
        let envelope = Envelope(for: order, as: Catalogue.orderPlaced, source: "store:test", time: .epoch)
        let back = try Fixture.order(MessageWriter().write(envelope, order))
        #expect(back.contact == order.contact)
    }

    @Test("composed and decomposed letters are two keys")
    func twins() throws {
        let twin = Fixture.placed.replacingOccurrences(
            of: "\"subject\": \"W-1001\"", with: "\"subject\": \"Am\u{E9}lie\""
        )
        .replacingOccurrences(of: "\"number\": \"W-1001\"", with: "\"number\": \"Ame\u{301}lie\"")
        #expect(marks(Fixture.refusal(Array(twin.utf8))) == ["/subject matches"])
    }

    @Test("65 characters are one too many for a key")
    func longKeys() throws {
        let long = String(repeating: "😀", count: 65)
        #expect(
            marks(Fixture.refusal(try Fixture.edited("/data/lines/0/sku", "\"\(long)\""))) == [
                "/data/lines/0/sku length"
            ])
    }
}
