import CCrypto

/// libcrypto's SHA-256 with a context that is used again and again.
struct SHA256: ~Copyable {
    private let hash = ccrypto_sha256_new()

    deinit {
        ccrypto_sha256_free(hash)
    }

    /// The first 16 bytes of the digest; nil when libcrypto has no memory or no SHA-256.
    func prefix(of bytes: UnsafeRawBufferPointer) -> ContentHash? {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            let start = digest.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard ccrypto_sha256_digest(hash, bytes.baseAddress, bytes.count, start) == 1 else { return nil }
            return ContentHash(
                high: UInt64(bigEndian: digest.load(as: UInt64.self)),
                low: UInt64(bigEndian: digest.load(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
