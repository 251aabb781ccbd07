/// AMQP 0-9-1 frames as bytes, for peers that say what no library would let them say.
enum RawFrame {
    static func big(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    static func short(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    static func long(_ bytes: [UInt8]) -> [UInt8] { big(UInt32(bytes.count)) + bytes }

    static func frame(_ kind: UInt8, channel: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [kind] + big(channel) + big(UInt32(payload.count)) + payload + [0xCE]
    }

    static func method(_ id: Method, channel: UInt16 = 1, _ arguments: [UInt8] = []) -> [UInt8] {
        frame(1, channel: channel, big(id.rawValue) + arguments)
    }

    /// Header and body frames; `properties` begins with its flags.
    static func content(properties: [UInt8], body: [UInt8]) -> [UInt8] {
        var bytes = frame(2, channel: 1, big(UInt16(60)) + big(UInt16(0)) + big(UInt64(body.count)) + properties)
        for start in stride(from: 0, to: body.count, by: 100_000) {
            bytes += frame(3, channel: 1, Array(body[start..<min(start + 100_000, body.count)]))
        }
        return bytes
    }

    /// Properties with nothing but headers, given as the entries of the table.
    static func headers(_ entries: [UInt8]) -> [UInt8] { big(UInt16(1 << 13)) + long(entries) }

    /// One entry whose value is nested so deep that it fills about so many bytes.
    static func nestedEntry(bytes count: Int, tables: Bool) -> [UInt8] {
        // From the inside out, with the length of what is inside in front.
        let step = tables ? 7 : 5
        let levels = (count - 10) / step
        var entry = short("n")
        for level in 0..<levels {
            entry.append(UInt8(ascii: tables ? "F" : "A"))
            entry += big(UInt32((levels - 1 - level) * step))
            if tables, level < levels - 1 { entry += short("k") }
        }
        return entry
    }

    static func delivery(_ tag: UInt64, consumer: String, properties: [UInt8], body: [UInt8]) -> [UInt8] {
        method(.deliver, short(consumer) + big(tag) + [0] + short("e") + short("k"))
            + content(properties: properties, body: body)
    }

    static func ack(_ tag: UInt64) -> [UInt8] { method(.ack, big(tag) + [0]) }

    /// Class and method.
    enum Method: UInt32 {
        case start = 0x000A_000A, startOK = 0x000A_000B, tune = 0x000A_001E, tuneOK = 0x000A_001F
        case open = 0x000A_0028, openOK = 0x000A_0029, close = 0x000A_0032, closeOK = 0x000A_0033
        case blocked = 0x000A_003C, unblocked = 0x000A_003D
        case channelOpen = 0x0014_000A, channelOpenOK = 0x0014_000B
        case channelClose = 0x0014_0028, channelCloseOK = 0x0014_0029
        case exchangeDeclare = 0x0028_000A, exchangeDeclareOK = 0x0028_000B
        case queueDeclare = 0x0032_000A, queueDeclareOK = 0x0032_000B
        case qos = 0x003C_000A, qosOK = 0x003C_000B, consume = 0x003C_0014, consumeOK = 0x003C_0015
        case cancel = 0x003C_001E, cancelOK = 0x003C_001F, publish = 0x003C_0028, returned = 0x003C_0032
        case deliver = 0x003C_003C, get = 0x003C_0046, getOK = 0x003C_0047, ack = 0x003C_0050, nack = 0x003C_0078
        case confirmSelect = 0x0055_000A, confirmSelectOK = 0x0055_000B
    }
}
