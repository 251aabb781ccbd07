/// A text that belongs to a person: a name, an address, a number.
public struct PersonalWord: Hashable, Sendable {
    /// What it says.
    public let kind: PersonalKind
    /// The text, without blanks around it.
    public let text: String

    /// A text that sentences can be looked through for; nil when it is too short, or points to nobody.
    public init?(_ kind: PersonalKind, _ text: String) {
        let bytes = Self.trimmed(Array(text.utf8)[...])
        let hasLetter = bytes.contains { $0 >= 0x80 || (0x61...0x7A).contains($0 | 0x20) }
        let digits = bytes.filter { (0x30...0x39).contains($0) }.count
        guard kind.isQuotable, bytes.count >= 3, hasLetter || digits >= 6 else { return nil }
        self.kind = kind
        self.text = String(decoding: bytes, as: UTF8.self)
        guard !PersonalMark.isOne(self.text) else { return nil }
    }

    /// Whether it points to this person wherever it stands, and not only beside the person's own orders: `Bob` does not, nor
    /// does a company, which has others.
    public var isDistinctive: Bool { kind == .email || kind != .company && text.utf8.count >= 8 }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.endIndex
        let end = bytes.lastIndex { $0 > 0x20 } ?? start
        return start < bytes.endIndex ? bytes[start...end] : []
    }
}

/// Texts that belong to persons, to be found in sentences that quote them.
///
/// They are found as whole words, and in ASCII whether in capitals or not. One look costs about as much as reading the
/// sentence, however many words there are.
public struct PersonalWords: Sendable {
    private struct Entry: Sendable {
        let bytes: [UInt8]
        let mark: String
    }

    /// By their first three bytes, the longest first.
    private var entries: [UInt32: [Entry]] = [:]
    /// Whether every e-mail address goes, whosoever it is.
    private let takesAddresses: Bool

    private let addressMark: String

    /// Words to look for, and every e-mail address if wanted.
    /// - Parameter mark: What takes their place; without one, what keeps a contract (``PersonalMark``).
    public init(_ words: [PersonalWord] = [], takingAddresses: Bool = false, mark: String? = nil) {
        takesAddresses = takingAddresses
        addressMark = mark ?? PersonalMark.email
        for word in words {
            let bytes = word.text.utf8.map(Self.folded)
            let mark = mark ?? (word.kind == .email ? PersonalMark.email : PersonalMark.text)
            entries[Self.key(at: 0, in: bytes), default: []].append(Entry(bytes: bytes, mark: mark))
        }
        for key in entries.keys { entries[key]?.sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Whether nothing is looked for.
    public var isEmpty: Bool { entries.isEmpty && !takesAddresses }

    /// The text without them; nil when none is in it.
    public func erased(from text: String) -> String? {
        guard !isEmpty else { return nil }
        let bytes = Array(text.utf8)
        var (result, end) = ([UInt8](), 0)
        var start = 0
        while start < bytes.count {
            guard let hit = hit(at: start, in: bytes) else {
                start += 1
                continue
            }
            result += bytes[end..<start]
            result += hit.mark.utf8
            (start, end) = (hit.end, hit.end)
        }
        return end == 0 ? nil : String(decoding: result + bytes[end...], as: UTF8.self)
    }

    private func hit(at start: Int, in bytes: [UInt8]) -> (end: Int, mark: String)? {
        guard start == 0 || !Self.isWord(bytes[start - 1]) else { return nil }
        if let entry = entry(at: start, in: bytes) { return (start + entry.bytes.count, entry.mark) }
        guard takesAddresses, let end = EmailAddress.end(at: start, in: bytes) else { return nil }
        let isMark = bytes[start..<end].elementsEqual(PersonalMark.email.utf8)
        return isMark ? nil : (end, addressMark)
    }

    private func entry(at start: Int, in bytes: [UInt8]) -> Entry? {
        guard start + 3 <= bytes.count, !entries.isEmpty else { return nil }
        return entries[Self.key(at: start, in: bytes)]?.first { entry in
            let end = start + entry.bytes.count
            guard end <= bytes.count, end == bytes.count || !Self.isWord(bytes[end]) else { return false }
            return entry.bytes.indices.allSatisfy { entry.bytes[$0] == Self.folded(bytes[start + $0]) }
        }
    }

    private static func key(at start: Int, in bytes: [UInt8]) -> UInt32 {
        let (first, second, third) = (folded(bytes[start]), folded(bytes[start + 1]), folded(bytes[start + 2]))
        return UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}
