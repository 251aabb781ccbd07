/// The parts of RFC 5321 addresses and RFC 5322 message ids that this house writes: ASCII, unquoted.
///
/// A quoted local part or an address literal is refused: nobody has one, and each reader understands them differently.
enum AddressGrammar {
    /// `dot-atom`: words of letters, digits and some signs with single dots between them.
    static func isDotAtom(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy(isAtomText)
        }
    }

    /// A host name: labels of letters, digits and inner hyphens.
    static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return bytes.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
            }
    }

    static func isAtomText(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || signs.contains(byte)
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static let signs = Set("!#$%&'*+-/=?^_`{|}~".utf8)
}
