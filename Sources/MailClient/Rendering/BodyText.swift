/// A body in ASCII lines of at most 76 characters: quoted-printable while it stays readable, else base64.
///
/// A line may begin with a dot; doubling it is part of SMTP, and libcurl's work.
struct BodyText {
    /// The value of `Content-Transfer-Encoding`.
    let encoding: String
    /// The lines, each with its CRLF.
    let content: [UInt8]

    private static let lineBreak: [UInt8] = [0x0D, 0x0A]

    init(_ text: String) {
        let lines = Self.lines(Array(text.utf8))
        let others = text.utf8.count(where: { !Self.isReadable($0) })
        if others * 6 > text.utf8.count {
            encoding = "base64"
            content = Self.base64(lines)
        } else {
            encoding = "quoted-printable"
            content = lines.flatMap(Self.quotedPrintable)
        }
    }

    /// Split at CRLF, LF and CR alike.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where lineBreak.contains(byte) {
            let isSecondHalf = byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D
            if !isSecondHalf { lines.append(bytes[start..<index]) }
            start = index + 1
        }
        return start < bytes.count ? lines + [bytes[start...]] : lines
    }

    private static func quotedPrintable(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var width = 0
        for (index, byte) in zip(line.indices, line) {
            // A blank at the end of a line would be lost on the way.
            let isBlankInside = (byte == 0x20 || byte == 0x09) && index + 1 < line.endIndex
            let isLiteral = isBlankInside || (0x21...0x7E ~= byte && byte != UInt8(ascii: "="))
            let piece = isLiteral ? [byte] : [UInt8(ascii: "=")] + Hex.bytes(byte)
            if width + piece.count > 75 {
                text += [UInt8(ascii: "=")] + lineBreak
                width = 0
            }
            text += piece
            width += piece.count
        }
        return text + lineBreak
    }

    private static func base64(_ lines: [ArraySlice<UInt8>]) -> [UInt8] {
        let bytes = lines.flatMap { $0 + lineBreak }
        return stride(from: 0, to: bytes.count, by: 57).flatMap { start in
            Base64.encoded(bytes[start..<min(start + 57, bytes.count)]) + lineBreak
        }
    }

    private static func isReadable(_ byte: UInt8) -> Bool {
        0x20...0x7E ~= byte || [0x09, 0x0A, 0x0D].contains(byte)
    }
}
