internal import Fleet
internal import RabbitMQ

extension MessageProperties {
    /// All but the headers, in JSON; what is not set is left out.
    var exchanged: JSONValue {
        let texts: [(String, String?)] = [
            ("contentType", contentType), ("contentEncoding", contentEncoding), ("correlationId", correlationID),
            ("replyTo", replyTo), ("expiration", expiration), ("messageId", messageID), ("type", type),
            ("userId", userID), ("appId", appID),
        ]
        let numbers: [(String, JSONValue?)] = [
            ("deliveryMode", deliveryMode.map { .integer(Int64($0)) }),
            ("priority", priority.map { .integer(Int64($0)) }),
            ("timestamp", timestamp.map(Self.number)),
        ]
        var members: [JSONValue.Member] = []
        for case (let name, let text?) in texts { members.append(JSONValue.Member(name: name, value: .string(text))) }
        for case (let name, let number?) in numbers { members.append(JSONValue.Member(name: name, value: number)) }
        return .object(members)
    }

    private static func number(_ value: UInt64) -> JSONValue {
        value <= 1 << 53 ? .integer(Int64(value)) : .string(String(value))
    }

    /// The properties that were written as ``exchanged``, and the headers.
    init(exchanged: JSONValue, headers: JSONValue) throws(LineFault) {
        self.init(headers: try ExchangedValue.table(headers))
        guard case .object(let members) = exchanged else { throw LineFault("The properties are no object.") }
        for member in members {
            guard try set(member.name, member.value) else {
                throw LineFault("The property `\(InertText.line(member.name))` has a value of the wrong type.")
            }
        }
    }

    /// False when the value is of the wrong type.
    private mutating func set(_ name: String, _ value: JSONValue) throws(LineFault) -> Bool {
        switch name {
        case "deliveryMode": return Self.set(&deliveryMode, value)
        case "priority": return Self.set(&priority, value)
        case "timestamp": return Self.set(&timestamp, value)
        default: break
        }
        guard case .string(let text) = value else { return false }
        switch name {
        case "contentType": contentType = text
        case "contentEncoding": contentEncoding = text
        case "correlationId": correlationID = text
        case "replyTo": replyTo = text
        case "expiration": expiration = text
        case "messageId": messageID = text
        case "type": type = text
        case "userId": userID = text
        case "appId": appID = text
        default: throw LineFault("There is no property `\(InertText.line(name))`.")
        }
        return true
    }

    private static func set<Value: FixedWidthInteger>(_ property: inout Value?, _ value: JSONValue) -> Bool {
        property = ExchangedValue.whole(value)
        return property != nil
    }
}
