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

    /// The attribute's text in the headers; nil where there is none that can be passed on.
    func attribute(_ name: String) -> String? {
        let names = Self.prefixes.map { $0 + name }
        for header in message.headers() where names.contains(header.name) {
            if case .text(let text) = header.value, Self.nameLengths.contains(text.utf8.count) { return text }
        }
        return nil
    }

    /// The message as it would be in structured mode. `data` has to be one complete JSON document.
    func structuredBody(around data: UnsafeRawBufferPointer) throws(ContractError) -> [UInt8] {
        var writer = JSONWriter(capacity: data.count + 1024)
        writer.open("{")
        for (name, value) in try attributes() {
            writer.key(name)
            switch value {
            case .text(let text): writer.string(text)
            // An object is of no attribute's type either.
            case .unreadable: writer.raw("{}")
            }
        }
        writer.key("datacontenttype" as String)
        writer.string(message.contentType ?? "application/json")
        writer.key("data" as String)
        writer.raw(data)
        writer.close("}")
        return writer.bytes
    }

    /// The attributes in the headers, each once.
    private func attributes() throws(ContractError) -> [(name: String, value: IncomingMessage.HeaderValue)] {
        let headers = message.headers()
        var attributes: [(name: String, value: IncomingMessage.HeaderValue)] = []
        var names: Set<String> = []
        for header in headers {
            guard let prefix = Self.prefixes.first(where: { header.name.utf8.starts(with: $0.utf8) }) else { continue }
            let name = String(Substring(header.name.utf8.dropFirst(prefix.utf8.count)))
            // The data is the body, and its type is the content type: a header cannot say otherwise.
            guard !["data", "data_base64", "datacontenttype"].contains(name) else { continue }
            guard names.insert(name).inserted else { throw duplicateHeader(name) }
            attributes.append((name, header.value))
        }
        // Most tools put the trace context where W3C has it, in headers without a prefix.
        guard !names.contains("traceparent") else { return attributes }
        for name in ["traceparent", "tracestate"] {
            guard let header = headers.first(where: { $0.name == name }) else { continue }
            if names.insert(name).inserted { attributes.append((name, header.value)) }
        }
        return attributes
    }

    private func duplicateHeader(_ name: String) -> ContractError {
        let fault = Fault(
            pointer: "/" + PathStep.escaped(name), rule: "duplicate", value: name,
            sentence: "\(name) is there twice, in headers of the message")
        return error(.envelope, "Two headers of the message carry the attribute \(fault.value).", [fault])
    }
}
