import Testing

@testable import Models

/// Bodies, also those that no contract takes, and sentences that quote them.
@Suite("Erasing in bodies and sentences")
struct PersonalMessageTests {
    private func erased(_ text: String, type: String? = nil) throws -> String {
        let message = try #require(PersonalMessage(Array(text.utf8), type: type))
        return try #require(message.erasing(message.texts).map { String(decoding: $0, as: UTF8.self) })
    }

    private func order(_ data: String) -> String {
        #"{"specversion":"1.0","type":"order.placed.v1", "id":"m-1","data":{ "number":"W-1",\#(data)} }"#
    }

    @Test("every other byte stays, blanks and unknown members included")
    func bytes() throws {
        let before = order(#""contact" : {"name":"Ana Ruiz" ,"email": "a@b.example"}, "x-note":  [1.50,"\u00e9"]"#)
        let after = order(
            #""contact" : {"name":"erased" ,"email": "erased@example.invalid"}, "x-note":  [1.50,"\u00e9"]"#)
        #expect(try erased(before) == after)
    }

    @Test("what a producer adds to a person goes with it")
    func unknownMembers() throws {
        let text = try erased(order(#""contact":{"name":"A","email":"a@b.c","mobile":"+1 253 555 0100"}"#))
        #expect(text.contains(#""mobile":null"#))
    }

    @Test(
        "a person in another shape than the contract wants goes all the same",
        arguments: [
            #""contact":"Ana Ruiz""#, #""contact":[{"name":"Ana Ruiz"}]"#, #""contact":{"name":["Ana","Ana Ruiz"]}"#,
            #""contact":{"email":{"home":"Ana Ruiz"}}"#, #""shipTo":{"street":"Ana Ruiz"}"#,
        ])
    func otherShapes(data: String) throws {
        #expect(try !erased(order(data)).contains("Ana Ruiz"))
    }

    @Test("a body without an envelope is read by the type that came with it, or by all of them")
    func binary() throws {
        let body = #"{"number":"W-1","contact":{"name":"Ana Ruiz"}}"#
        #expect(try erased(body, type: "order.placed.v1") == #"{"number":"W-1","contact":{"name":"erased"}}"#)
        #expect(try erased(body) == #"{"number":"W-1","contact":{"name":"erased"}}"#)
        #expect(try !erased(#"{"data":{"contact":{"name":"Ana Ruiz"}},"type":"order.placed.v9"}"#).contains("Ana"))
    }

    @Test("what is no JSON is told apart", arguments: ["", "{", #"{"a":}"#, #"{"a":1}x"#, #"["a",]"#, "\"a"])
    func broken(text: String) {
        let isRead = PersonalMessage(Array(text.utf8)) != nil
        #expect(!isRead)
    }

    @Test("nesting as deep as anybody likes is no JSON, and crashes nothing")
    func deep() {
        let isRead = PersonalMessage([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) != nil
        #expect(!isRead)
    }

    @Test("it knows whose it is")
    func names() throws {
        let message = try #require(PersonalMessage(Array(Fixture.placed.utf8)))
        let order = try Fixture.order(Array(Fixture.placed.utf8))
        #expect(message.subject == order.number)
        #expect(message.revision == order.revision)
        #expect(message.account == order.customer.account)
        #expect(message.type == "order.placed.v1")
    }

    // MARK: - Sentences

    private func words(_ pairs: [(PersonalKind, String)]) -> PersonalWords {
        PersonalWords(pairs.compactMap { PersonalWord($0, $1) })
    }

    @Test("words are found whole, in capitals or not, and the longest first")
    func sentences() {
        let words = words([(.name, "Ana"), (.name, "Ana Ruiz"), (.email, "Ana@b.example"), (.street, "1 Harbor Ave")])
        #expect(words.erased(from: "ANA RUIZ, ana.") == "erased, erased.")
        #expect(words.erased(from: "to ana@b.example: no") == "to erased@example.invalid: no")
        #expect(words.erased(from: "Banana, Anastasia, 11 Harbor Ave") == nil)
        #expect(words.erased(from: "at 1 Harbor Ave, Tacoma") == "at erased, Tacoma")
    }

    @Test("what points to nobody is not looked for")
    func pointless() {
        #expect(PersonalWord(.name, "Al") == nil)
        #expect(PersonalWord(.street, "12345") == nil)
        #expect(PersonalWord(.city, "Tacoma") == nil)
        #expect(PersonalWord(.name, PersonalMark.text) == nil)
        #expect(PersonalWord(.phone, "253-555-0100")?.isDistinctive == true)
        #expect(PersonalWord(.name, "Bob")?.isDistinctive == false)
    }

    @Test("every address goes where that is wanted, and no name of a process does")
    func addresses() {
        let all = PersonalWords(takingAddresses: true, mark: "…")
        #expect(all.erased(from: "mail ana.ruiz+x@north-wind.example. Then") == "mail …. Then")
        #expect(all.erased(from: "orders-worker@host:1 said @ 5") == nil)
    }
}
