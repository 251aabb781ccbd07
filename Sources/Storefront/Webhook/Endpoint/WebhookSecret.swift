internal import CCrypto
internal import FoundationEssentials

/// A secret that a store and its fleet share, to tell a post of the fleet from anybody else's.
///
/// Standard Webhooks, "Signature scheme": random, 24 to 64 bytes, written `whsec_` and base64 (RFC 4648 §4).
public struct WebhookSecret: Hashable, Sendable {
    /// What every secret begins with.
    public static let prefix = "whsec_"
    /// How long a key may be.
    static let sizes = 24...64
    private let key: [UInt8]

    /// Nil unless the text is the prefix and the base64 of 24 to 64 bytes.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            Self.sizes.contains(key.count)
        else { return nil }
        self.key = Array(key)
    }

    /// The signature of a post, as it stands in `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 (RFC 2104) over
    /// `id.timestamp.body`. Nil when libcrypto has no memory.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String? {
        let content = Array("\(id).\(timestamp).".utf8) + body
        let code = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let done = ccrypto_hmac_sha256(key, key.count, content, content.count, buffer.baseAddress)
            count = done == 1 ? 32 : 0
        }
        return code.isEmpty ? nil : "v1," + Data(code).base64EncodedString()
    }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible {
    /// Nothing of the secret.
    public var description: String { "(hidden)" }
    /// Nothing of the secret.
    public var debugDescription: String { description }
}
