/// The broker's version, by which features are decided (never by whether a declare succeeded).
public struct ServerVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Major version.
    public let major: Int
    /// Minor version.
    public let minor: Int
    /// Patch version.
    public let patch: Int
    /// The product's name, such as "RabbitMQ".
    public let product: String

    /// A version from its parts.
    public init(major: Int, minor: Int, patch: Int, product: String = "RabbitMQ") {
        (self.major, self.minor, self.patch, self.product) = (major, minor, patch, product)
    }

    /// Reads "3.10.8" and also "4.3.0-rc.1"; nothing else than numbers counts.
    public init?(_ text: String, product: String = "RabbitMQ") {
        let core = text.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first, let major = first, parts.count <= 4, parts.allSatisfy({ ($0 ?? -1) >= 0 }) else {
            return nil
        }
        let minor = parts.count > 1 ? parts[1] ?? 0 : 0
        let patch = parts.count > 2 ? parts[2] ?? 0 : 0
        self.init(major: major, minor: minor, patch: patch, product: product)
    }

    init(serverProperties: FieldTable) {
        let product = serverProperties["product"]?.text ?? "unknown broker"
        let version = serverProperties["version"]?.text ?? ""
        self = ServerVersion(version, product: product) ?? ServerVersion(major: 0, minor: 0, patch: 0, product: product)
    }

    /// Older versions are less.
    public static func < (left: ServerVersion, right: ServerVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// "RabbitMQ 3.10.8".
    public var description: String { "\(product) \(major).\(minor).\(patch)" }
}
