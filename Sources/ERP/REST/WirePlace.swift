internal import Models

/// An address as the ERP states it.
struct WirePlace: WirePart {
    var company: Part<String>?
    var name: String
    var street: [String]
    var city: String
    var region: Part<String>?
    var postalCode: Part<String>?
    var country: String

    private static let longest = 120
    private static let mostStreetLines = 4

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Address {
        guard let country = CountryCode(country) else { throw WireFault("\(path)/country", "is no country") }
        return Address(
            company: gaps.free(company, "\(path)/company", atMost: Self.longest),
            name: try WireText.required(name, "\(path)/name", atMost: Self.longest),
            street: try streetLines("\(path)/street", &gaps),
            city: try WireText.required(city, "\(path)/city", atMost: Self.longest),
            region: gaps.free(region, "\(path)/region", atMost: Self.longest),
            postalCode: gaps.free(postalCode, "\(path)/postalCode", atMost: 20),
            country: country)
    }

    private func streetLines(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> [String] {
        let lines = street.map { WireText.free($0, atMost: Self.longest) }.filter { !$0.isEmpty }
        guard !lines.isEmpty else { throw WireFault(path, "is empty") }
        let most = Self.mostStreetLines
        if lines.count > most { gaps.add(path, WireFault(path, "has more than \(most) lines: the rest is left out")) }
        return Array(lines.prefix(most))
    }
}

/// A person as the ERP states them.
struct WireContact: WirePart {
    var name: String
    var email: String
    var phone: Part<String>?

    private static let longestEmail = 254

    /// Fails when nobody can be asked that way.
    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Contact {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts.contains(""), email.unicodeScalars.count <= Self.longestEmail else {
            throw WireFault("\(path)/email", "is no e-mail address")
        }
        return Contact(
            name: try WireText.required(name, "\(path)/name", atMost: 120), email: email,
            phone: gaps.free(phone, "\(path)/phone", atMost: 64))
    }
}

/// How an order was paid, as the ERP states it.
struct WirePaid: WirePart {
    var method: String
    var reference: String?

    /// Fails for a way of paying that the interface does not know. Whether the reference is one, the contract says.
    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Payment {
        switch (method, reference) {
        case ("purchase-order", _): return .purchaseOrder
        case ("prepaid", let reference?):
            return .prepaid(reference: try WireText.key(reference, "\(path)/reference"))
        case ("prepaid", nil): throw WireFault("\(path)/reference", "is missing, and the order is prepaid")
        // What stands there may be anything, a card number too.
        default: throw WireFault("\(path)/method", "is no way of paying that the interface knows")
        }
    }
}
