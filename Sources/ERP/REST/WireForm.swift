internal import Models

/// Texts of a fixed form. Each function fails when the text has another.
enum WireForm {
    static func unit(_ text: String, _ path: String) throws(WireFault) -> UnitCode {
        try found(UnitCode(text), path, "is no unit of UN/ECE 20")
    }

    static func currency(_ text: String, _ path: String) throws(WireFault) -> Currency {
        try found(Currency(text), path, "is no currency")
    }

    static func day(_ text: String, _ path: String) throws(WireFault) -> CalendarDate {
        try found(CalendarDate(text), path, "is no day")
    }

    static func time(_ text: String, _ path: String) throws(WireFault) -> Timestamp {
        try found(Timestamp(rfc3339: text), path, "is no time")
    }

    static func gtin(_ text: String, _ path: String) throws(WireFault) -> GTIN {
        try found(GTIN(text), path, "is no GTIN of 8, 12, 13 or 14 digits whose check digit is right")
    }

    private static func found<Value>(_ value: Value?, _ path: String, _ says: String) throws(WireFault) -> Value {
        guard let value else { throw WireFault(path, says) }
        return value
    }
}
