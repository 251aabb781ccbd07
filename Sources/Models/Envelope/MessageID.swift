/// Message ids: UUIDs of version 7, whose text sorts by the time they were made.
public enum MessageID {
    /// A new id, of now.
    public static func next() -> String {
        var generator = SystemRandomNumberGenerator()
        return next(at: .now(), using: &generator)
    }

    /// A new id of the given time, random but for its first 48 bits.
    public static func next(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        let milliseconds = UInt64(bitPattern: time.microseconds / 1000) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF, using: &generator)
        let low = UInt64.random(in: 0...(.max >> 2), using: &generator) | 1 << 63
        return text(high, low)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { bytes.append(UInt8(ascii: "-")) }
            let half = nibble < 16 ? high : low
            bytes.append(Hexadecimal.digit(UInt8(truncatingIfNeeded: half >> UInt64(60 - nibble % 16 * 4) & 0xF)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
