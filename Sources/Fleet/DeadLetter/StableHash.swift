/// FNV-1a, 64 bit, in hexadecimal: stable over versions and processes, which Swift's `Hasher` is not.
///
/// It names things for people and tools; it protects nothing.
package enum StableHash {
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let hex = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }
}
