/// Two capital hexadecimal digits, as quoted-printable wants them.
enum Hex {
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func bytes(_ byte: UInt8) -> [UInt8] {
        [digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
    }

    static func text(_ byte: UInt8) -> String {
        String(decoding: bytes(byte), as: UTF8.self)
    }
}
