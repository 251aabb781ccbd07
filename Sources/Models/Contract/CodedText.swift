/// A value that JSON holds as a string of its own grammar or code list.
protocol CodedText: ContractValue, CustomStringConvertible where Rule == NoRule {
    /// The name of the rule that another text breaks.
    static var ruleName: String { get }
    /// Completes "this field …" for another text.
    static var predicate: String { get }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>)
}

extension CodedText {
    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard let bytes = reader.string(place) else { return false }
        if let value = Self(utf8: bytes) {
            self = value
            return true
        }
        reader.faults.report(Self.ruleName, place, Self.predicate)
        return false
    }

    func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension Timestamp: CodedText {
    static var blank: Timestamp { .epoch }
    static var ruleName: String { "time" }
    static var predicate: String {
        "must be an RFC 3339 time that exists, with its zone, in the years 1 to 9999: 2026-03-01T12:00:00Z"
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.reference("Timestamp") { _ in
            let zone = "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
            let time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?"
            return .object([
                ("type", "string"), ("format", "date-time"),
                ("pattern", .string("^\(CalendarDate.pattern)[Tt]\(time)\(zone)$")),
                (
                    "description",
                    "RFC 3339 with its zone, no leap second, in the years 1 to 9999 of UTC; decimals below a microsecond are cut off."
                ),
            ])
        }
    }
}

extension CalendarDate: CodedText {
    static var blank: CalendarDate { CalendarDate.firstOf1970 }
    static var ruleName: String { "date" }
    static var predicate: String { "must be a day that exists, written YYYY-MM-DD" }
    /// Every day from 0001-01-01 to 9999-12-31, leap years and all.
    static var pattern: String {
        let (day, leapDay) = ("0[1-9]|1[0-9]|2[0-8]", "02-29")
        let long = "(0[13578]|1[02])-(\(day)|29|3[01])"
        let short = "(0[469]|11)-(\(day)|29|30)"
        let leapYear = "[0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00"
        return "(?!0000)([0-9]{4}-(\(long)|\(short)|02-(\(day)))|(\(leapYear))-\(leapDay))"
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.reference("CalendarDate") { _ in
            .object([
                ("type", "string"), ("format", "date"), ("pattern", .string("^\(pattern)$")),
                ("description", "A day of the Gregorian calendar."),
            ])
        }
    }
}

extension Currency: CodedText {
    static var blank: Currency { .usd }
    static var ruleName: String { "currency" }
    static var predicate: String { "must be the alpha-3 code of an ISO 4217 currency, in capitals" }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.codes("Currency", knownCodes, "ISO 4217, alpha-3.")
    }
}

extension CountryCode: CodedText {
    static var blank: CountryCode { .unitedStates }
    static var ruleName: String { "country" }
    static var predicate: String { "must be the alpha-2 code of an ISO 3166-1 country, in capitals" }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.codes("CountryCode", knownCodes, "ISO 3166-1, alpha-2.")
    }
}

extension UnitCode: CodedText {
    static var blank: UnitCode { .one }
    static var ruleName: String { "unit" }
    static var predicate: String {
        "must be a unit code of UN/ECE Recommendation 20, or of 21 behind an X, for example C62 or XBX"
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        // The list has two thousand codes, which would be most of the schema.
        definitions.reference("UnitCode") { _ in
            [
                "type": "string", "pattern": "^[0-9A-Z]{2,3}$",
                "description":
                    "UN/ECE Recommendation 20; packages of Recommendation 21 behind an X. The code must be in the list, for example C62 (one), MTR (metre), LF (linear foot), XBX (box), XPX (pallet).",
            ]
        }
    }
}
