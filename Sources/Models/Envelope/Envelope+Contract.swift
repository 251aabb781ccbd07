extension Envelope: ContractObject {
    static var blank: Envelope {
        Envelope(id: "", source: "", type: "", subject: "", time: .epoch, revision: 0)
    }
    static var schemaName: String { "Envelope" }
    static var summary: String {
        "A CloudEvents 1.0 message in structured mode. Other extension attributes are accepted."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        var specVersion = SpecVersion()
        var contentType: DataContentType? = DataContentType()
        var count = RevisionAttribute(value: revision)
        var (parent, state) = (traceParent.map(TraceText.init), traceState.map(TraceText.init))
        fields.field("specversion", &specVersion, "The version of CloudEvents.")
        fields.field("id", &id, .identifier, "Unique per source; a UUIDv7 in Stevedore's own messages.")
        fields.field("source", &source, .source, "The producer.")
        fields.field("type", &type, .identifier, "What happened; also the routing key.")
        fields.field("subject", &subject, .subject, "The business key of the object in data, and equal to it.")
        fields.field("time", &time, "When the message was made.")
        fields.field("datacontenttype", &contentType, "The media type of data: JSON.")
        fields.field("dataschema", &dataSchema, .uri, "The URI of the schema of data.")
        fields.field("revision", &count, "Counts the restatements of the subject from 1; equal to data.revision.")
        fields.field("traceparent", &parent, "W3C trace context; a malformed one is ignored.")
        fields.field("tracestate", &state, "W3C trace state; ignored without traceparent.")
        fields.field("replayof", &replayOf, .identifier, "The id of the dead letter that this message repeats.")
        revision = count.value
        traceParent = TraceText.valid(parent)
        traceState = traceParent == nil ? nil : state?.text
    }

    /// Every attribute that is no free extension, and the members that carry the data.
    static let knownNames: [StaticString] = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "revision",
        "traceparent", "tracestate", "replayof", "data", "data_base64",
    ]

    /// Extension names of CloudEvents: lower-case letters and digits; these are the ones that we keep.
    static func isExtensionName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (1...64).contains(bytes.count), !knownNames.contains(where: { bytes.equals($0) }) else { return false }
        return bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || $0 &- UInt8(ascii: "a") < 26 }
    }
}
