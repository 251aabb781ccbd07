/// The rule that an amount has no more decimals than its currency's minor unit.
enum CurrencyDecimals {
    /// The rule's name.
    static let rule = "scale"

    /// What an amount that breaks it must be.
    static func predicate(_ currency: Currency) -> String {
        "must have at most \(currency.minorUnits) decimals in \(currency.code)"
    }

    /// Says in a schema what the object's member `currency` asks of its amounts. `amounts` puts what each must be in its
    /// place among the object's properties.
    static func describe(_ fields: inout some FieldVisitor, amounts: (JSONTree) -> JSONTree) {
        describe(&fields, codes(minorUnits: 0), "^-?[0-9]+$", amounts)
        describe(&fields, codes(minorUnits: 3), "^-?[0-9]+(\\.[0-9]{1,3})?$", amounts)
        describe(&fields, twoDecimals, "^-?[0-9]+(\\.[0-9]{1,2})?$", amounts)
    }

    /// Every read comes through here, and has no use for a schema: nothing of it is made before it is asked for.
    @inline(__always)
    private static func describe(
        _ fields: inout some FieldVisitor, _ currency: @autoclosure () -> JSONTree, _ pattern: StaticString,
        _ amounts: (JSONTree) -> JSONTree
    ) {
        fields.rule(
            "scale", at: "currency", of: [], holds: true, "",
            schema: [
                "if": ["properties": ["currency": currency()], "required": ["currency"]],
                "then": ["properties": amounts(["pattern": .string(pattern.description)])],
            ])
    }

    private static func codes(minorUnits: Int) -> JSONTree { oneOf(Currency.codes(minorUnits: minorUnits)) }

    /// Shorter to say what is not among them.
    private static var twoDecimals: JSONTree {
        ["not": oneOf([0, 3, 4].flatMap { Currency.codes(minorUnits: $0) })]
    }

    private static func oneOf(_ codes: [String]) -> JSONTree { ["enum": .array(codes.map { .string($0) })] }
}
