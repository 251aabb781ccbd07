/// The ways in which one text may stand in bytes: in capitals or not, and its accents as part of a letter or behind it. An
/// ERP that keeps names in capitals, and a file from a Mac, quote the same person as the order does.
enum TextForms {
    /// Each form once, as bytes; a text in ASCII has one, because case is folded there anyway.
    static func all(of text: String) -> [[UInt8]] {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return [Array(text.utf8)] }
        let cases = [text, text.uppercased(), text.lowercased()]
        // Texts are equal whichever way their accents stand, so that only bytes can be told apart.
        return Array(Set((cases + cases.map(composed) + cases.map(decomposed)).map { Array($0.utf8) }))
    }

    private static func composed(_ text: String) -> String { rewritten(text) { [$0.whole] } }

    private static func decomposed(_ text: String) -> String { rewritten(text) { $0.parts } }

    private static func rewritten(_ text: String, _ form: (Letter) -> [Unicode.Scalar]) -> String {
        var result = ""
        for character in text {
            guard let letter = letters[character] else {
                result.append(character)
                continue
            }
            result.unicodeScalars.append(contentsOf: form(letter))
        }
        return result
    }

    // MARK: - Letters

    private struct Letter: Sendable {
        let whole: Unicode.Scalar
        /// The letter, and the marks behind it in their order.
        let parts: [Unicode.Scalar]
    }

    /// Letters with one mark or two, found by Unicode's own equivalence: `é` equals `e` and an accent.
    private static let letters: [Character: Letter] = {
        let first = found(among: pairs(bases.map { [$0] }))
        let second = found(among: pairs(first.values.map(\.parts).filter { $0[0].isASCII }))
        return first.merging(second) { one, _ in one }
    }()

    private static func found(among pairs: [Character: [Unicode.Scalar]]) -> [Character: Letter] {
        var found: [Character: Letter] = [:]
        for whole in wholes {
            guard let parts = pairs[Character(whole)] else { continue }
            found[Character(whole)] = Letter(whole: whole, parts: parts)
        }
        return found
    }

    private static func pairs(_ bases: [[Unicode.Scalar]]) -> [Character: [Unicode.Scalar]] {
        var pairs: [Character: [Unicode.Scalar]] = [:]
        for base in bases {
            for mark in marks {
                let parts = ordered(base, mark)
                var text = ""
                text.unicodeScalars.append(contentsOf: parts)
                if text.count == 1, let character = text.first { pairs[character] = parts }
            }
        }
        return pairs
    }

    /// A mark below a letter stands before one above it.
    private static func ordered(_ base: [Unicode.Scalar], _ mark: Unicode.Scalar) -> [Unicode.Scalar] {
        guard base.count > 1, let last = base.last, order(last) > order(mark) else { return base + [mark] }
        return base.dropLast() + [mark, last]
    }

    private static func order(_ mark: Unicode.Scalar) -> UInt8 { mark.properties.canonicalCombiningClass.rawValue }

    /// Latin, Greek and Cyrillic.
    private static let bases = scalars([
        0x41...0x5A, 0x61...0x7A, 0x391...0x3C9, 0x406...0x406, 0x410...0x44F, 0x456...0x456,
    ])
    private static let wholes = scalars([0xC0...0x24F, 0x386...0x3CE, 0x400...0x45F, 0x1E00...0x1EFF])
    private static let marks = scalars([0x300...0x331])

    private static func scalars(_ ranges: [ClosedRange<UInt32>]) -> [Unicode.Scalar] {
        ranges.flatMap { $0.compactMap { Unicode.Scalar($0) } }
    }
}
