/// E-mail addresses in running text, as people write them.
enum EmailAddress {
    /// Where the address that begins at `start` ends; nil when none begins there. The part before the `@` is what RFC 5322
    /// allows without quotes; the part behind it has a dot in it, so that `worker@host` is none.
    static func end(at start: Int, in bytes: [UInt8]) -> Int? {
        var at = start
        while at < bytes.count, isLocal(bytes[at]), at - start <= 64 { at += 1 }
        guard at > start, at < bytes.count, bytes[at] == UInt8(ascii: "@") else { return nil }
        var (end, lastDot) = (at + 1, at)
        while end < bytes.count, isDomain(bytes[end]) {
            if bytes[end] == UInt8(ascii: ".") { lastDot = end }
            end += 1
        }
        // A full stop behind it ends the sentence.
        while end > at + 1, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        if lastDot >= end { lastDot = bytes[..<end].lastIndex(of: UInt8(ascii: ".")) ?? at }
        return lastDot > at + 1 && lastDot < end - 1 ? end : nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        isDomain(byte) || "!#$%&'*+/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isDomain(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "0"..."9", "a"..."z", "A"..."Z", "-", ".": true
        default: byte >= 0x80
        }
    }
}
