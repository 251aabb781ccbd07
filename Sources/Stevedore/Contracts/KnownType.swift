internal import ArgumentParser
internal import Fleet
internal import Models

/// A message type, by its name on the command line.
struct KnownType: ExpressibleByArgument {
    let type: MessageType

    init?(argument: String) {
        guard let type = Catalogue.type(named: argument) else { return nil }
        self.type = type
    }

    static var allValueStrings: [String] { Catalogue.types.map(\.name) }
}

extension JSONValue {
    /// A message type, as every command prints it.
    init(_ type: MessageType) {
        self = [
            "type": .string(type.name), "title": .string(type.title), "summary": .string(type.summary),
            "direction": .string(type.direction.rawValue), "queue": type.isReply ? .null : .string(type.queue),
            "answer": type.answer.map { JSONValue.string($0) } ?? .null,
            "family": .string(type.family), "dataSchema": .string(type.dataSchema),
        ]
    }
}
