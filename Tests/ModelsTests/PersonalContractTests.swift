import Foundation
import Testing

@testable import Models

/// Where messages hold what is a person's, and what is left of them without it.
@Suite("Personal data in the contracts")
struct PersonalContractTests {
    @Test("of every free text and address in a contract it is said whose it is")
    func declared() {
        #expect(PersonalContract.undeclared == [])
    }

    @Test("contacts and addresses are found wherever they stand")
    func pointers() {
        let order = PersonalContract.fields(of: Catalogue.orderPlaced).map(\.pointer)
        #expect(order.contains("/data/contact/email"))
        #expect(order.contains("/data/shipTo/street"))
        #expect(order.contains("/data/billTo/postalCode"))
        #expect(!order.contains("/data/shipTo/country"))
        let customer = PersonalContract.fields(of: Catalogue.customer).map(\.pointer)
        #expect(customer.contains("/data/contacts/*/name"))
        #expect(customer.contains("/data/shipTos/*/address/city"))
        #expect(customer.contains("/data/taxId"))
        #expect(PersonalContract.fields(of: Catalogue.stock).isEmpty)
    }

    /// What a field is called that holds something of a person.
    private static let names = ["email", "mail", "phone", "fax", "street", "city", "postalCode", "company"]

    @Test("nothing in an example looks like a person's without being known as such", arguments: Catalogue.types)
    func examples(type: MessageType) throws {
        let known = Set(PersonalContract.fields(of: type).map(\.pointer))
        for example in Catalogue.examples(for: type) {
            let root = try JSONSerialization.jsonObject(with: Data(example.text.utf8))
            for (pointer, text) in Self.texts(root, "") where Self.looksPersonal(pointer, text) {
                #expect(known.contains(pointer), "\(example.name) \(pointer)")
            }
        }
    }

    private static func looksPersonal(_ pointer: String, _ text: String) -> Bool {
        let name = pointer.split(separator: "/").last { $0 != "*" }.map(String.init) ?? ""
        return names.contains(name) || text.contains("@")
    }

    /// Texts with their pointers; those of a list of texts have the list's.
    private static func texts(_ value: Any, _ pointer: String) -> [(String, String)] {
        if let object = value as? [String: Any] { return object.flatMap { texts($1, pointer + "/" + $0) } }
        if let list = value as? [String] { return list.map { (pointer, $0) } }
        if let list = value as? [Any] { return list.flatMap { texts($0, pointer + "/*") } }
        return (value as? String).map { [(pointer, $0)] } ?? []
    }

    @Test("an erased message keeps its contract, and says nothing of the person", arguments: Catalogue.types)
    func contract(type: MessageType) throws {
        for example in Catalogue.examples(for: type) {
            let body = Array(example.text.utf8)
            let message = try #require(PersonalMessage(body))
            guard !message.texts.isEmpty else { continue }
            let erased = try #require(message.erasing(message.texts))
            let received = try MessageReader().read(erased)
            #expect(received.envelope.subject == message.subject)
            let text = String(decoding: erased, as: UTF8.self)
            for said in message.texts.flatMap(\.texts) where said.count > 3 {
                #expect(!text.contains("\"\(said)\""), "\(example.name): \(said)")
            }
            #expect(PersonalMessage(erased)?.texts.isEmpty == true)
        }
    }

    @Test("numbers, amounts and goods stay what they were")
    func totals() throws {
        let message = try #require(PersonalMessage(Array(Fixture.placed.utf8)))
        let before = try Fixture.order(Array(Fixture.placed.utf8))
        let after = try Fixture.order(try #require(message.erasing(message.texts)))
        #expect(after.contact == Contact(name: "erased", email: "erased@example.invalid"))
        #expect(after.shipTo.street == ["erased"])
        #expect(after.shipTo.country == before.shipTo.country)
        #expect(after.shipTo.region == before.shipTo.region)
        #expect(after.lines == before.lines)
        #expect(after.totals == before.totals)
        #expect(after.purchaseOrderNumber == before.purchaseOrderNumber)
        #expect(after.number == before.number)
        #expect(after.revision == before.revision)
    }
}
