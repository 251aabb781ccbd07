/// A unit of measure by its UN/ECE Recommendation 20 code, for example `C62` (one) or `MTR` (metre); packages carry their
/// Recommendation 21 code behind an `X`, for example `XBX` (box).
public struct UnitCode: Hashable, Sendable, CustomStringConvertible {
    let packed: UInt32

    /// The unit of the code, in capitals, when the list has it.
    public init?(_ code: some StringProtocol) {
        guard let packed = Self.table.find(code) else { return nil }
        self.packed = packed
    }

    init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard let packed = Self.table.find(bytes) else { return nil }
        self.packed = packed
    }

    private init(unchecked code: String) {
        packed = CodeTable.pack(code.utf8)
    }

    /// The code.
    public var code: String { CodeTable.text(packed) }

    /// The code.
    public var description: String { code }

    /// One, counted without a unit.
    public static let one = UnitCode(unchecked: "C62")

    /// Every known code, sorted.
    public static var knownCodes: [String] { table.codes }
}
