import MailClient
import Testing

@Suite("Addresses, ids and headers")
struct AddressTests {
    @Test(
        "usual addresses are taken",
        arguments: [
            "ann@store.example", "ann.smith+alerts@mail.store.example", "o'neil@store.example", "root@localhost",
            "a@xn--bcher-kva.example", "1@2.example",
        ])
    func good(text: String) {
        #expect(MailAddress(text)?.text == text)
    }

    @Test(
        "what could end a command or a header, or is no address, is not taken",
        arguments: [
            "", "@", "ann", "ann@", "@store.example", "ann@store.example\r\nRCPT TO:<evil@x.example>",
            "ann@store.example\n", "ann @store.example", "<ann@store.example>", "ann@store.example>",
            "ann\u{0}@store.example", "a\tb@x.example", "jürgen@store.example", "ann@bücher.example",
            "\"ann\"@store.example", "ann@[127.0.0.1]", ".ann@x.example", "ann.@x.example", "a..b@x.example",
            "ann@x..example", "ann@-x.example", "ann@x-.example", "a@b@x.example", "a,b@x.example", "a;b@x.example",
            "a(b)@x.example", "ann@x.example.", String(repeating: "a", count: 65) + "@x.example",
        ])
    func bad(text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test("an id of any name is safe, and two names never share one")
    func ids() {
        let evil = MessageID(name: "a>\r\nBcc: x", domain: "store.example")
        #expect(evil?.text == "a=3E=0D=0ABcc=3A=20x@store.example")
        #expect(MessageID(name: "a=3E", domain: "x.example") != MessageID(name: "a>", domain: "x.example"))
        #expect(MessageID(name: "", domain: "store.example") == nil)
        #expect(MessageID(name: "a", domain: "x\r\n.example") == nil)
        #expect(MessageID(name: String(repeating: "a", count: 250), domain: "store.example") == nil)
        #expect(MessageID("a@b@store.example") == nil)
        #expect(MessageID("<a@store.example>") == nil)
    }

    @Test("a header name is a word, and not one that the mail makes itself")
    func headers() {
        #expect(MailHeader("X-Stevedore-Alert", "anything\r\n") != nil)
        for name in ["", "X Y", "X:", "X\r\nBcc", "Bcc", "bcc", "From", "Content-Type", "Resent-To", "Ü"] {
            #expect(MailHeader(name, "x") == nil, "\(name)")
        }
    }
}
