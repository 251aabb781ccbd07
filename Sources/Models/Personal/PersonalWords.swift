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
    /// does a company, which has others, nor a name that is a function, such as `Purchasing` or `Customer Service`.
    public var isDistinctive: Bool {
        if kind == .email { return true }
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }.count
        guard text.utf8.count >= 8, kind == .phone || !OrdinaryWords.areAll(of: text) else { return false }
        return switch kind {
        case .name: OrdinaryWords.count(in: text) > 1
        case .street: digits > 0 && OrdinaryWords.count(in: text) > 0
        case .phone: digits >= 6
        case .taxID: digits > 0
        case .email, .company, .city, .postalCode, .other: false
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.firstIndex { $0 > 0x20 } ?? bytes.endIndex
        let end = bytes.lastIndex { $0 > 0x20 } ?? start
        return start < bytes.endIndex ? bytes[start...end] : []
    }
}

/// Texts that belong to persons, to be found in sentences that quote them.
///
/// They are found as whole words, whether in capitals or not, and whichever way their accents are written. One look costs
/// about as much as reading the sentence, however many words there are.
public struct PersonalWords: Sendable {
    private struct Entry: Sendable {
        let bytes: [UInt8]
        let mark: String
        let isDistinctive: Bool
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
            let mark = mark ?? (word.kind == .email ? PersonalMark.email : PersonalMark.text)
            for form in TextForms.all(of: word.text) where form.count >= 3 {
                let bytes = form.map(Self.folded)
                entries[Self.key(at: 0, in: bytes), default: []].append(
                    Entry(bytes: bytes, mark: mark, isDistinctive: word.isDistinctive))
            }
        }
        for key in entries.keys { entries[key]?.sort { $0.bytes.count > $1.bytes.count } }
    }

    /// Whether nothing is looked for.
    public var isEmpty: Bool { entries.isEmpty && !takesAddresses }

    /// The text without them; nil when that is the same text.
    /// - Parameter isSentence: Whether people read it. What may be a code, or a name for machines, loses only words that are
    ///   nothing else: a price list `ACME` is no company of that name.
    public func erased(from text: String, isSentence: Bool = true) -> String? {
        guard !isEmpty else { return nil }
        let bytes = Array(text.utf8)
        var (result, end) = ([UInt8](), 0)
        var start = 0
        while start < bytes.count {
            guard let hit = hit(at: start, in: bytes, isSentence) else {
                start += 1
                continue
            }
            result += bytes[end..<start]
            result += hit.mark.utf8
            (start, end) = (hit.end, hit.end)
        }
        guard end > 0 else { return nil }
        result += bytes[end...]
        return result == bytes ? nil : String(decoding: result, as: UTF8.self)
    }

    private func hit(at start: Int, in bytes: [UInt8], _ isSentence: Bool) -> (end: Int, mark: String)? {
        guard start == 0 || !Self.isWord(bytes[start - 1]) else { return nil }
        if let entry = entry(at: start, in: bytes, isSentence) { return (start + entry.bytes.count, entry.mark) }
        guard takesAddresses, let end = EmailAddress.end(at: start, in: bytes) else { return nil }
        let isMark = bytes[start..<end].lazy.map(Self.folded).elementsEqual(PersonalMark.email.utf8)
        return isMark ? nil : (end, addressMark)
    }

    private func entry(at start: Int, in bytes: [UInt8], _ isSentence: Bool) -> Entry? {
        guard start + 3 <= bytes.count, !entries.isEmpty else { return nil }
        return entries[Self.key(at: start, in: bytes)]?.first { entry in
            guard isSentence || entry.isDistinctive else { return false }
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
