/// FNV-1a, 64 bit, in hexadecimal: stable over versions and processes, which Swift's `Hasher` is not.
///
/// It names things for people and tools; it protects nothing.
package enum StableHash {
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> String {
        // Bodies lie in a row, and are many times faster to go through so.
        let hash = bytes.withContiguousStorageIfAvailable { number($0) } ?? bytes.reduce(basis, mixed)
        let hex = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }

    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = basis
        for byte in bytes { hash = mixed(hash, byte) }
        return hash
    }

    private static func mixed(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
}
