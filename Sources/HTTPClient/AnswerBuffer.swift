/// Collects an answer's fields and body as libcurl hands them over.
struct AnswerBuffer {
    var limit = 0
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false

    /// All fields together; more is a broken or hostile peer.
    private static let maxFieldBytes = 256 << 10
    private var fieldBytes = 0

    /// Takes a piece of the body; taking less than offered makes libcurl end the transfer.
    mutating func appendBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return 0 }
        guard count <= limit - body.count else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    /// Takes one whole field line. A status line starts the fields anew: those of an interim answer are dropped.
    mutating func appendField(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return 0 }
        fieldBytes += count
        guard fieldBytes <= Self.maxFieldBytes else {
            isTooLarge = true
            return 0
        }
        let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
        } else if let colon = line.firstIndex(of: ":") {
            headers.append(String(line[..<colon]), Self.trimmed(line[line.index(after: colon)...]))
        }
        return count
    }

    private static func trimmed(_ text: Substring) -> String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character.isNewline }
        let start = text.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}
