/// One mail on its way: how much of it libcurl has taken, and what the server has said.
///
/// Used by the client's thread only.
final class MailTransfer {
    let ticket: MailTicket
    private let letter: Letter
    private var taken = 0
    private var reader = ReplyReader()
    /// Whether libcurl was told where the mail ends. Before that the server lacks the final dot, and must not deliver
    /// the mail (RFC 5321, 4.1.1.4); after that nobody knows until it answers.
    private(set) var isHandedOver = false
    /// Whether it was given up because it took too long.
    private(set) var isLate = false
    private let server: MailServer
    private var deadline: ContinuousClock.Instant

    init(_ letter: Letter, _ ticket: MailTicket, _ server: MailServer) {
        self.letter = letter
        self.ticket = ticket
        self.server = server
        deadline = ContinuousClock.now + server.timeout
    }

    /// Whether it has to end now. Asked about once a second.
    func hasToEnd() -> Bool {
        if ticket.isCancelled { return true }
        guard ContinuousClock.now > deadline else { return false }
        isLate = true
        return true
    }

    /// Copies the next part of the mail; nothing is left when it returns 0.
    func copy(to target: UnsafeMutablePointer<CChar>?, room: Int) -> Int {
        guard let target else { return 0 }
        let count = min(room, letter.bytes.count - taken)
        guard count > 0 else {
            isHandedOver = true
            deadline = ContinuousClock.now + server.answerTimeout
            return 0
        }
        letter.bytes.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + count])
            UnsafeMutableRawBufferPointer(start: target, count: room).copyMemory(from: part)
        }
        taken += count
        return count
    }

    /// Takes a line of the server's.
    func read(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
        guard let bytes, count > 0 else { return 0 }
        reader.append(String(decoding: UnsafeRawBufferPointer(start: bytes, count: min(count, 2_000)), as: UTF8.self))
        // What is still to come after the answer to the mail is the farewell, and that is not worth ten minutes.
        if isHandedOver { deadline = min(deadline, ContinuousClock.now + server.timeout) }
        return count
    }

    func reply(_ code: Int) -> Reply { reader.last(code) }
}
