extension MessageProperties {
    /// Bits of the flag word, from the first property of the standard to the last one in use.
    private enum Flag {
        static let contentType: UInt16 = 1 << 15
        static let contentEncoding: UInt16 = 1 << 14
        static let headers: UInt16 = 1 << 13
        static let deliveryMode: UInt16 = 1 << 12
        static let priority: UInt16 = 1 << 11
        static let correlationID: UInt16 = 1 << 10
        static let replyTo: UInt16 = 1 << 9
        static let expiration: UInt16 = 1 << 8
        static let messageID: UInt16 = 1 << 7
        static let timestamp: UInt16 = 1 << 6
        static let type: UInt16 = 1 << 5
        static let userID: UInt16 = 1 << 4
        static let appID: UInt16 = 1 << 3
    }

    /// Reads what can be read: a property that breaks off is nil, and so are those after it.
    init(wire: UnsafeRawBufferPointer) {
        self.init()
        var reader = unsafe WireReader(wire)
        guard let flags = reader.integer(UInt16.self) else { return }
        // A set lowest bit announces another flag word, which the standard leaves empty.
        var more = flags & 1 != 0
        while more {
            guard let next = reader.integer(UInt16.self) else { return }
            more = next & 1 != 0
        }
        read(&reader, flags)
    }

    private mutating func read(_ reader: inout WireReader, _ flags: UInt16) {
        func has(_ flag: UInt16) -> Bool { flags & flag != 0 }
        if has(Flag.contentType) { contentType = reader.shortString() }
        if has(Flag.contentEncoding) { contentEncoding = reader.shortString() }
        if has(Flag.headers) {
            guard var part = reader.longPart() else { return }
            headers = FieldTable(reading: &part)
        }
        if has(Flag.deliveryMode) { deliveryMode = reader.integer() }
        if has(Flag.priority) { priority = reader.integer() }
        if has(Flag.correlationID) { correlationID = reader.shortString() }
        if has(Flag.replyTo) { replyTo = reader.shortString() }
        if has(Flag.expiration) { expiration = reader.shortString() }
        if has(Flag.messageID) { messageID = reader.shortString() }
        if has(Flag.timestamp) { timestamp = reader.integer() }
        if has(Flag.type) { type = reader.shortString() }
        if has(Flag.userID) { userID = reader.shortString() }
        if has(Flag.appID) { appID = reader.shortString() }
    }

    private var flags: UInt16 {
        var flags: UInt16 = 0
        if contentType != nil { flags |= Flag.contentType }
        if contentEncoding != nil { flags |= Flag.contentEncoding }
        if !headers.isEmpty { flags |= Flag.headers }
        if deliveryMode != nil { flags |= Flag.deliveryMode }
        if priority != nil { flags |= Flag.priority }
        if correlationID != nil { flags |= Flag.correlationID }
        if replyTo != nil { flags |= Flag.replyTo }
        if expiration != nil { flags |= Flag.expiration }
        if messageID != nil { flags |= Flag.messageID }
        if timestamp != nil { flags |= Flag.timestamp }
        if type != nil { flags |= Flag.type }
        if userID != nil { flags |= Flag.userID }
        if appID != nil { flags |= Flag.appID }
        return flags
    }

    /// Fails on text that is too long for AMQP and on headers nested too deep.
    func write(to writer: inout WireWriter) throws(WireFault) {
        writer.integer(flags)
        if let contentType { try writer.shortString(contentType, name: "content-type") }
        if let contentEncoding { try writer.shortString(contentEncoding, name: "content-encoding") }
        if !headers.isEmpty { try headers.write(to: &writer) }
        if let deliveryMode { writer.integer(deliveryMode) }
        if let priority { writer.integer(priority) }
        if let correlationID { try writer.shortString(correlationID, name: "correlation-id") }
        if let replyTo { try writer.shortString(replyTo, name: "reply-to") }
        if let expiration { try writer.shortString(expiration, name: "expiration") }
        if let messageID { try writer.shortString(messageID, name: "message-id") }
        if let timestamp { writer.integer(timestamp) }
        if let type { try writer.shortString(type, name: "type") }
        if let userID { try writer.shortString(userID, name: "user-id") }
        if let appID { try writer.shortString(appID, name: "app-id") }
    }
}
