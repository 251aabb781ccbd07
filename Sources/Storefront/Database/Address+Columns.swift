internal import Models

extension Address {
    /// As the columns come; street lines are lines of one text.
    var inOrder: [String?] {
        [company, name, street.joined(separator: "\n"), city, region, postalCode, country.code]
    }

    /// The same columns of an address that is not known.
    static let nowhere = [String?](repeating: nil, count: 7)
}
