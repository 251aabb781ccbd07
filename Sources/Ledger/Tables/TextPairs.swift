/// Names and values in one text column: each as its length in bytes, a colon and itself (`3:key5:value`), sorted by name.
///
/// No character needs escaping, so hostile names and values come back as they were.
enum TextPairs {
    static func encode(_ pairs: [String: String]) -> String {
        pairs.sorted { $0.key < $1.key }.map { "\($0.utf8.count):\($0)\($1.utf8.count):\($1)" }.joined()
    }

    /// What can be read; a damaged rest is left out.
    static func decode(_ text: String) -> [String: String] {
        var rest = text.utf8[...]
        var pairs: [String: String] = [:]
        while let name = next(&rest), let value = next(&rest) { pairs[name] = value }
        return pairs
    }

    private static func next(_ rest: inout Substring.UTF8View.SubSequence) -> String? {
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
            let count = Int(String(decoding: rest[..<colon], as: UTF8.self)),
            count >= 0, rest.distance(from: colon, to: rest.endIndex) > count
        else { return nil }
        let start = rest.index(after: colon)
        let end = rest.index(start, offsetBy: count)
        defer { rest = rest[end...] }
        return String(decoding: rest[start..<end], as: UTF8.self)
    }
}
