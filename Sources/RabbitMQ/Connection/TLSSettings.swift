/// How `amqps` connections are made; the server's certificate and name are always verified, TLS 1.2 is the least.
public struct TLSSettings: Sendable, Hashable {
    /// Where Debian and its relatives keep the authorities of the system.
    public static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    /// PEM file of the authorities that are trusted.
    public var authorityFile: String
    /// PEM file of the client's certificate; needs `keyFile`.
    public var certificateFile: String?
    /// PEM file of the client's key, not encrypted.
    public var keyFile: String?

    /// Trusts the authorities of the file, or those of the system.
    public init(authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil) {
        self.authorityFile = authorityFile ?? Self.systemAuthorities
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }

    var faults: [String] {
        switch (certificateFile, keyFile) {
        case (.some, nil): ["a client certificate needs its key file"]
        case (nil, .some): ["a client key needs its certificate file"]
        default: []
        }
    }
}
