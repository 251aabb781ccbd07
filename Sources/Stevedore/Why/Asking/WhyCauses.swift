/// The causes of open dead letters, and how many letters of each are looked at where not all can be.
struct WhyCauses {
    /// As far as they were counted.
    var sizes: [(fingerprint: String, count: Int)]
    /// Whether there may be more causes.
    var isCut: Bool

    /// How many letters of each cause are looked at: all of the small ones, and of the large ones as many of each as is
    /// left for them.
    func shares(of budget: Int) -> [Int] {
        var (shares, left) = ([Int](repeating: 0, count: sizes.count), budget)
        let order = sizes.indices.sorted { (sizes[$0].count, $0) < (sizes[$1].count, $1) }
        for (done, index) in order.enumerated() {
            shares[index] = min(sizes[index].count, left / (order.count - done))
            left -= shares[index]
        }
        return shares
    }

    func looked(_ shares: [Int]) -> Int { shares.reduce(0, +) }

    /// Whether nothing was left out.
    func isAll(_ shares: [Int]) -> Bool { !isCut && zip(sizes, shares).allSatisfy { $0.count == $1 } }
}

/// A name as it is looked for in what people and programs have written.
struct WhyName {
    /// In lower case, as SQLite has it: of ASCII alone.
    let lowered: String
    private let bytes: [UInt8]

    /// Nil of what may be any word of a sentence.
    init?(_ name: String) {
        guard name.utf8.count >= 3, name.contains(where: { !$0.isLetter || !$0.isLowercase }) else { return nil }
        bytes = name.utf8.map(Self.lowered)
        lowered = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it stands there by itself, and not as a part of a longer name.
    func isIn(_ text: some Sequence<UInt8>) -> Bool {
        let text = Array(text)
        return places(in: text).contains { place in
            let end = place + bytes.count
            let isEnded = end == text.count || !Self.isOfName(text[end])
            return isEnded && (place == 0 || !Self.isOfName(text[place - 1]))
        }
    }

    /// Whether it is a value of a JSON text.
    func isQuoted(in body: [UInt8]) -> Bool {
        places(in: body).contains { place in
            let end = place + bytes.count
            return place > 0 && end < body.count && body[place - 1] == 0x22 && body[end] == 0x22
        }
    }

    private func places(in text: [UInt8]) -> [Int] {
        guard text.count >= bytes.count else { return [] }
        return (0...(text.count - bytes.count)).filter { start in
            Self.lowered(text[start]) == bytes[0]
                && bytes.indices.allSatisfy { Self.lowered(text[start + $0]) == bytes[$0] }
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    /// Letters, digits, and what joins them; whatever is not ASCII is a letter.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
