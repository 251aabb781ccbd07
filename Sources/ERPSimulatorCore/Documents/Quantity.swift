import Models

/// An exact decimal that travels as a string.
struct Quantity: Codable, Hashable {
    var value: ExactDecimal

    static let zero = Quantity(value: .zero)

    init(value: ExactDecimal) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = ExactDecimal(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a decimal"))
        }
        self.value = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value.description)
    }

    /// Quantities have at most eighteen digits together; where a sum would not fit, the left side stays.
    static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(value: left.value.adding(right.value) ?? left.value)
    }

    /// See `+`.
    static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(value: left.value.subtracting(right.value) ?? left.value)
    }
}
