internal import Models

/// An address as the ERP states it.
struct WirePlace: Decodable {
    var company: Part<String>?
    var name: String
    var street: [String]
    var city: String
    var region: Part<String>?
    var postalCode: Part<String>?
    var country: String

    private static let longest = 120
    private static let mostStreetLines = 4

    func value(_ path: String) throws(WireFault) -> Address {
        guard let country = CountryCode(country) else { throw WireFault("\(path)/country", "is no country") }
        let street = street.map { WireText.free($0, atMost: Self.longest) }.filter { !$0.isEmpty }
        guard !street.isEmpty else { throw WireFault("\(path)/street", "is empty") }
        return Address(
            company: company?.value.map { WireText.free($0, atMost: Self.longest) },
            name: try Self.required(name, "\(path)/name"),
            street: Array(street.prefix(Self.mostStreetLines)),
            city: try Self.required(city, "\(path)/city"),
            region: region?.value.map { WireText.free($0, atMost: Self.longest) },
            postalCode: postalCode?.value.map { WireText.free($0, atMost: 20) },
            country: country)
    }

    private static func required(_ text: String, _ path: String) throws(WireFault) -> String {
        let text = WireText.free(text, atMost: longest)
        guard !text.isEmpty else { throw WireFault(path, "is empty") }
        return text
    }
}

/// A person as the ERP states them.
struct WireContact: Decodable {
    var name: String
    var email: String
    var phone: Part<String>?

    /// What of it breaks the contract is found, and left out, before it is stored.
    var value: Contact { Contact(name: name, email: email, phone: phone?.value) }
}

/// How an order was paid, as the ERP states it.
struct WirePaid: Decodable {
    var method: String
    var reference: String?

    /// Nil for a way of paying that the interface does not know.
    var value: Payment? {
        switch (method, reference) {
        case ("purchase-order", _): .purchaseOrder
        case ("prepaid", let reference?): .prepaid(reference: reference)
        default: nil
        }
    }
}
