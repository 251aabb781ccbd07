/// One value of an AMQP 0-9-1 field table, in the dialect that RabbitMQ speaks.
public enum FieldValue: Sendable, Hashable {
    /// Type `t`.
    case boolean(Bool)
    /// Type `b`.
    case int8(Int8)
    /// Type `B`.
    case uint8(UInt8)
    /// Type `s`.
    case int16(Int16)
    /// Type `u`.
    case uint16(UInt16)
    /// Type `I`.
    case int32(Int32)
    /// Type `i`.
    case uint32(UInt32)
    /// Type `l`.
    case int64(Int64)
    /// Type `f`.
    case float(Float)
    /// Type `d`.
    case double(Double)
    /// Type `D`: value × 10^-scale.
    case decimal(scale: UInt8, value: UInt32)
    /// Type `S` with valid UTF-8 in it.
    case string(String)
    /// Type `x`, and also `S` whose bytes are no UTF-8.
    case bytes([UInt8])
    /// Type `A`.
    case array([FieldValue])
    /// Type `F`.
    case table(FieldTable)
    /// Type `T`: seconds since 1970.
    case timestamp(UInt64)
    /// Type `V`.
    case void

    /// The text of a string value.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number of any integer type.
    public var integer: Int64? {
        switch self {
        case .int8(let value): Int64(value)
        case .uint8(let value): Int64(value)
        case .int16(let value): Int64(value)
        case .uint16(let value): Int64(value)
        case .int32(let value): Int64(value)
        case .uint32(let value): Int64(value)
        case .int64(let value): value
        case .timestamp(let value): Int64(exactly: value)
        default: nil
        }
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    /// A string value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A 64-bit value.
    public init(integerLiteral value: Int64) { self = .int64(value) }
    /// A Boolean value.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}
