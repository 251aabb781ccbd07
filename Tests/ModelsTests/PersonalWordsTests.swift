import Testing

@testable import Models

/// Which words are looked for, where, and in which forms.
@Suite("Words that belong to persons")
struct PersonalWordsTests {
    private func words(_ pairs: [(PersonalKind, String)]) -> PersonalWords {
        PersonalWords(pairs.compactMap { PersonalWord($0, $1) })
    }

    @Test(
        "a function, a noun of ours and a single word are looked for beside their own orders alone",
        arguments: [
            "Warehouse", "Purchasing", "Customer Service", "Accounts Payable", "Order Desk", "Order Status",
            "Shipping & Receiving", "Warehouse 12", "Contract Prices", "Bartholomew",
        ])
    func ordinary(name: String) {
        #expect(PersonalWord(.name, name)?.isDistinctive == false)
    }

    @Test("a full name, an address and a number point to one person wherever they stand")
    func distinctive() {
        #expect(PersonalWord(.name, "Ana Ruiz-Park")?.isDistinctive == true)
        #expect(PersonalWord(.email, "a@b.example")?.isDistinctive == true)
        #expect(PersonalWord(.street, "17 Feather Lane")?.isDistinctive == true)
        #expect(PersonalWord(.street, "Warehouse 12")?.isDistinctive == false)
        #expect(PersonalWord(.phone, "+1 907 555 0177")?.isDistinctive == true)
        #expect(PersonalWord(.company, "Northwind Traders")?.isDistinctive == false)
    }

    @Test("what may be a code loses only words that can be none")
    func codes() {
        let words = words([(.company, "Acme"), (.name, "Ana Ruiz-Park")])
        #expect(words.erased(from: "ACME-2026", isSentence: false) == nil)
        #expect(words.erased(from: "ACME is blocked") == "erased is blocked")
        #expect(words.erased(from: "for Ana Ruiz-Park", isSentence: false) == "for erased")
    }

    @Test(
        "capitals and accents are the same name however they are written",
        arguments: [
            "m\u{FC}ller gmbh", "M\u{DC}LLER GMBH", "Mu\u{308}ller GmbH", "MU\u{308}LLER GMBH", "M\u{FC}LLER GmbH",
        ])
    func forms(said: String) {
        for name in ["M\u{FC}ller GmbH", "Mu\u{308}ller GmbH"] {
            #expect(words([(.name, name)]).erased(from: "to \(said), today") == "to erased, today")
        }
    }

    @Test("two marks on one letter, and a name that is only the beginning of another")
    func marks() {
        let words = words([(.name, "Nguy\u{1EC5}n Th\u{1ECB}"), (.name, "Jose")])
        let apart = "Nguye\u{302}\u{303}n Thi\u{323}"
        #expect(words.erased(from: "no \(apart) here") == "no erased here")
        #expect(words.erased(from: "Jose\u{301} stays") == nil)
    }

    @Test("the mark is no word, whatever case an ERP hands it back in", arguments: ["erased", "Erased", "ERASED"])
    func mark(text: String) throws {
        #expect(PersonalMark.isOne(text))
        #expect(PersonalWord(.name, text) == nil)
        let body = #"{"type":"order.placed.v1","data":{"contact":{"name":"\#(text)"}}}"#
        let message = try #require(PersonalMessage(Array(body.utf8)))
        #expect(message.texts.isEmpty)
        let addresses = PersonalWords(takingAddresses: true)
        #expect(addresses.erased(from: "to ERASED@EXAMPLE.INVALID") == nil)
    }

    // MARK: - Bodies

    @Test("a member that may be a code keeps a company's name, a sentence does not")
    func members() throws {
        let body = #"{"type":"order.placed.v1","data":{"x-list":"ACME","x-note":"Acme pays late"}}"#
        let message = try #require(PersonalMessage(Array(body.utf8)))
        let erased = try #require(message.erasing([], quoting: words([(.company, "Acme")])))
        let after = #"{"type":"order.placed.v1","data":{"x-list":"ACME","x-note":"erased pays late"}}"#
        #expect(String(decoding: erased, as: UTF8.self) == after)
    }

    @Test("an alert's commands can be run as they stand, and its sentence quotes nobody")
    func alert() throws {
        let body = """
            {"type":"alert.raised.v1","data":{"sentence":"No Ana Ruiz-Park.","owner":"Ana Ruiz-Park",\
            "commands":["dead-letter list --note 'Ana Ruiz-Park'"]}}
            """
        let message = try #require(PersonalMessage(Array(body.utf8)))
        let erased = try #require(message.erasing([], quoting: words([(.name, "Ana Ruiz-Park")])))
        let after = body.replacing("No Ana Ruiz-Park.", with: "No erased.")
        #expect(String(decoding: erased, as: UTF8.self) == after)
    }
}
