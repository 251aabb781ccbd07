internal import CCrypto
internal import Ledger

/// Digests of rows, so that two tables are compared without holding their rows: the first half of SHA-256.
final class ObjectDigest {
    private let hash = ccrypto_sha256_new()
    private var bytes: [UInt8] = []

    deinit {
        ccrypto_sha256_free(hash)
    }

    /// A value of a row, told apart from every other sequence of values.
    func add(_ column: Int, of row: borrowing SQLRow) {
        guard !row.isNull(column) else { return bytes.append(0) }
        row.withBlob(column) { value in
            bytes.append(1)
            withUnsafeBytes(of: UInt64(value.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: value)
        }
    }

    /// The rows of the next table begin.
    func begin(_ table: Int) {
        bytes.append(2)
        bytes.append(UInt8(truncatingIfNeeded: table))
    }

    /// What an earlier digest said is a part of the next.
    func add(_ digest: ContentDigest) {
        withUnsafeBytes(of: (digest.high.bigEndian, digest.low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    /// The digest of all that was added since the last one; nil when libcrypto fails.
    func finish() -> ContentDigest? {
        defer { bytes.removeAll(keepingCapacity: true) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest -> ContentDigest? in
            let count = bytes.count
            let isDone = bytes.withUnsafeBytes {
                ccrypto_sha256_digest(hash, $0.baseAddress, count, digest.baseAddress) == 1
            }
            return isDone ? ContentDigest(digest.prefix(16)) : nil
        }
    }
}
