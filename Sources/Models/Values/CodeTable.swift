/// A published list of short ASCII codes, each packed into one number so that looking one up compares no text.
struct CodeTable: Sendable {
    private let sorted: [UInt32]

    /// Codes of one to four ASCII characters, separated by white space.
    init(_ codes: StaticString) {
        sorted = codes.withUTF8Buffer { bytes in
            bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map(Self.pack).sorted()
        }
    }

    /// All codes in the list.
    var codes: [String] { sorted.map(Self.text).sorted() }

    /// The packed form of `bytes`, when the list has that code.
    func find(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
        // A leading NUL would leave no trace in the packed form.
        guard (1...4).contains(bytes.count), bytes.first != 0 else { return nil }
        let packed = Self.pack(bytes)
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < packed { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == packed ? packed : nil
    }

    func find(_ text: some StringProtocol) -> UInt32? {
        var text = String(text)
        return text.withUTF8 { find($0) }
    }

    static func pack(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    static func text(_ packed: UInt32) -> String {
        let shifts: [UInt32] = [24, 16, 8, 0]
        let bytes = shifts.map { UInt8(truncatingIfNeeded: packed >> $0) }.filter { $0 != 0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
