/// Tells whether two messages say the same: the first 16 bytes of SHA-256 over the type and the canonical form of `data`.
///
/// Equal are messages that differ in key order, white space, string escapes, or in members that are null or an empty array
/// where the other has none. Values are compared as they are written: `"12.5"` and `"12.50"`, `Z` and `+00:00`, composed
/// and decomposed letters are different, so a producer that repeats a message has to write it as it did before. Numbers,
/// which only members unknown to the contract have besides revisions, are compared as 64-bit integers, or as the nearest
/// double when they have a point or an exponent.
public struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// Bytes 0 to 7, big-endian.
    public let high: UInt64
    /// Bytes 8 to 15, big-endian.
    public let low: UInt64

    /// The hash of the two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The hash from its 16 ``bytes``.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The 16 bytes.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - $0 * 8)) } }
    }

    /// 32 hexadecimal digits.
    public var description: String {
        String(decoding: bytes.flatMap { [Hexadecimal.digit($0 >> 4), Hexadecimal.digit($0 & 0xF)] }, as: UTF8.self)
    }
}
