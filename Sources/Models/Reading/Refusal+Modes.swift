extension Refusal {
    private static let prefixes = ["cloudEvents_", "cloudEvents:"]

    /// Refuses what is no plain UTF-8 before anything looks into it.
    func checkEncoding(of body: UnsafeRawBufferPointer, limit: Int) throws(ContractError) {
        guard body.count <= limit else {
            throw error(.tooLarge, "The message has \(body.count) bytes; at most \(limit) are read.")
        }
        if let encoding = message.contentEncoding?.lowercased(), !["", "identity", "utf-8", "utf8"].contains(encoding) {
            throw error(.encoding, "The body is encoded as \(encoding.prefix(40)), which is not read.")
        }
        guard body.count >= 2 else { return }
        switch (body[0], body[1]) {
        case (0xEF, 0xBB): throw error(.encoding, "The body begins with a byte order mark.")
        case (0xFE, 0xFF), (0xFF, 0xFE), (0, _), (_, 0): throw error(.encoding, "The body looks like UTF-16 or UTF-32.")
        case (0x1F, 0x8B): throw error(.encoding, "The body is compressed with gzip.")
        default: return
        }
    }

    /// Whether attributes are in the headers and the body is the data alone.
    func isBinaryMode() throws(ContractError) -> Bool {
        guard let contentType = message.contentType, !contentType.isEmpty else { return hasAttributes }
        if contentType == IncomingMessage.structured { return false }
        let type = MediaType(contentType)
        guard type.isUTF8 else { throw error(.encoding, "The content type \(contentType.prefix(80)) is not UTF-8.") }
        if type.essence == IncomingMessage.structured { return false }
        if type.essence.hasPrefix("application/cloudevents") {
            throw error(
                .contentType, "The content type \(contentType.prefix(80)) is not read, only single JSON events.")
        }
        guard type.isJSON else { throw error(.contentType, "The content type \(contentType.prefix(80)) is not JSON.") }
        guard hasAttributes else {
            throw error(
                .contentType, "The message is \(contentType.prefix(80)) without CloudEvents attributes in headers.")
        }
        return true
    }

    private var hasAttributes: Bool {
        message.headers().contains { header in Self.prefixes.contains { header.name == $0 + "specversion" } }
    }

    /// The message as it would be in structured mode. `data` has to be one complete JSON document.
    func structuredBody(around data: UnsafeRawBufferPointer) -> [UInt8] {
        var writer = JSONWriter(capacity: data.count + 1024)
        writer.open("{")
        for header in message.headers() {
            guard let prefix = Self.prefixes.first(where: { header.name.hasPrefix($0) }) else { continue }
            let name = String(header.name.dropFirst(prefix.count))
            // The data is the body, and its type is the content type: a header cannot say otherwise.
            guard !["data", "data_base64", "datacontenttype"].contains(name) else { continue }
            writer.key(name)
            writer.string(header.value)
        }
        writer.key("datacontenttype" as String)
        writer.string(message.contentType ?? "application/json")
        writer.key("data" as String)
        writer.raw(String(decoding: data, as: UTF8.self))
        writer.close("}")
        return writer.bytes
    }
}
