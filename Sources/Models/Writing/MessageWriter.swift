/// Writes messages in structured mode: CloudEvents JSON, members in the order of the contract.
public struct MessageWriter: Sendable {
    private let isPretty: Bool

    /// A writer of compact text, or of indented text for people.
    public init(isPretty: Bool = false) {
        self.isPretty = isPretty
    }

    /// The body that says `payload`, one of this module's, under `envelope`; of any other, which has no contract, nothing.
    /// Extensions whose names CloudEvents does not allow, or has taken, are left out. Whether the payload keeps its contract
    /// is not asked (``Payload/contractFaults``).
    public func write(_ envelope: Envelope, _ payload: some Payload) -> [UInt8] {
        guard let payload = payload as? any ContractPayload else { return [] }
        var (writer, envelope) = (JSONWriter(isPretty: isPretty, capacity: 2048), envelope)
        writer.open("{")
        envelope.visit(&writer)
        for (name, value) in envelope.extensions.sorted(by: { $0.key < $1.key }) where Self.isExtension(name) {
            writer.key(name)
            writer.string(value)
        }
        writer.key("data" as StaticString)
        payload.write(to: &writer)
        writer.close("}")
        return writer.bytes
    }

    private static func isExtension(_ name: String) -> Bool {
        var name = name
        return name.withUTF8 { Envelope.isExtensionName($0) }
    }
}
