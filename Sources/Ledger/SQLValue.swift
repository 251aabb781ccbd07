/// A value to bind to a statement, for the convenient (not the fastest) way of running one.
public enum SQLValue: Hashable, Sendable {
    /// SQL's NULL.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number; never for money.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// Text, or NULL.
    public static func text(orNull value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    /// A whole number, or NULL.
    public static func integer(orNull value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// NULL.
    public init(nilLiteral: ()) { self = .null }
}
