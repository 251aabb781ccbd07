extension MailMessage {
    /// The mail as it goes over the wire (RFC 5322 and MIME), before SMTP doubles dots: ASCII, every line with CRLF.
    ///
    /// The same mail always renders the same bytes. No text in it can make a header, a line of a header or a part.
    public func rendered() -> [UInt8] {
        let head = fields.map { "\($0)\r\n" }.joined()
        guard let html else { return Array(head.utf8) + Self.part("plain", text) }
        let boundary = self.boundary
        let type = "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"\r\n"
        var bytes = Array("\(head)\(type)".utf8)
        for (kind, text) in [("plain", text), ("html", html)] {
            bytes += Array("\r\n--\(boundary)\r\n".utf8)
            bytes += Self.part(kind, text)
        }
        bytes += Array("\r\n--\(boundary)--\r\n".utf8)
        return bytes
    }

    private var fields: [String] {
        var fields = [
            "Date: \(MailDate.text(secondsSince1970: date))",
            // Ids are not folded, however long: some readers do not look for one on the next line.
            "Message-ID: <\(messageID.text)>",
            HeaderField.addresses("From", [from]),
            HeaderField.addresses("To", to),
        ]
        if let replyTo { fields.append(HeaderField.addresses("Reply-To", [replyTo])) }
        fields.append(HeaderField.text("Subject", subject, limit: Self.longestSubject))
        if let inReplyTo {
            fields += ["In-Reply-To: <\(inReplyTo.text)>", "References: <\(inReplyTo.text)>"]
        }
        fields += headers.map { HeaderField.text($0.name, $0.value, limit: Self.longestValue) }
        return fields + ["MIME-Version: 1.0"]
    }

    /// Never in a body: neither encoding has an underscore after an equals sign. Another mail has another one, because
    /// this mail may one day be quoted inside of that.
    private var boundary: String {
        let hash = messageID.text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "=_\(String(hash, radix: 16))"
    }

    private static func part(_ kind: String, _ text: String) -> [UInt8] {
        let body = BodyText(text)
        let type = "Content-Type: text/\(kind); charset=utf-8\r\n"
        let head = "\(type)Content-Transfer-Encoding: \(body.encoding)\r\n\r\n"
        return Array(head.utf8) + body.content
    }

    /// Longer values of further headers are cut.
    private static let longestValue = 400
}
