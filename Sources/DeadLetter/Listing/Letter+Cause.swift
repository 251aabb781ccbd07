internal import Fleet

extension Letter {
    /// The fingerprint by which it is grouped: the one its worker has written. Where no worker has, one is made of what
    /// is known of the cause, so that all that the broker took out of a flow for one reason are one group.
    var cause: String {
        if source != .unrouted, let fingerprint, !fingerprint.isEmpty, fingerprint.utf8.count <= 64 {
            return fingerprint
        }
        let detail = source == .unrouted ? routingKey : ""
        return StableHash.fnv1a([flow, type ?? "", code, detail].joined(separator: "\u{1F}").utf8)
    }
}
