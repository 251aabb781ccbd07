/// The port of an `http://` address on this machine.
struct LoopbackAddress: Hashable {
    let host: String
    let port: Int

    /// Nil when the address is another machine's, or none.
    init?(_ url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let authority = url.dropFirst(7).prefix { $0 != "/" && $0 != "?" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? Int(parts[1]) ?? 0 : 80
        guard let host = parts.first.map(String.init), parts.count <= 2, (1...65_535).contains(port),
            Self.isLocal(host)
        else { return nil }
        (self.host, self.port) = (host, port)
    }

    private static func isLocal(_ host: String) -> Bool { host == "localhost" || host.hasPrefix("127.") }
}
