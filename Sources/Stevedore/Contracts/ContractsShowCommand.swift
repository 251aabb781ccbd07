internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore contracts show`.
struct ContractsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Says what one message type is, how it travels, and what it looks like.",
        discussion: """
            Examples:
              stevedore contracts show order.placed.v1
              stevedore contracts show order.status.v1 --json
            """)

    @OptionGroup var output: OutputOptions
    @Argument(help: "The message type.")
    var type: KnownType

    func run() {
        let type = type.type
        guard !output.json else { return Terminal.say(JSONValue(type).pretty()) }
        Terminal.write(
            """
            \(type.name): \(type.title)
            \(type.summary)

            direction    \(type.direction.rawValue)
            \(Self.road(type))
            data schema  \(type.dataSchema)

            `stevedore contracts schema \(type.name)` prints the JSON Schema, `… example …` a message:

            \(Catalogue.examples(for: type).first?.text ?? "")
            """)
    }

    /// How it travels, and what its revisions say.
    private static func road(_ type: MessageType) -> String {
        guard !type.isReply else {
            return """
                exchange     the default one, routing key: the queue that the question's reply-to names
                revisions    always 1: an answer (\(type.subjectForm)) is never restated
                """
        }
        let way = """
            exchange     \(FleetTopology.exchange), routing key \(type.name)
            queue        \(type.queue)
            """
        guard let answer = type.answer else {
            return """
                \(way)
                revisions    counted per subject (\(type.subjectForm)) in the family `\(type.family)`; the newest wins
                """
        }
        return """
            \(way)
            answer       \(answer), to the queue that reply-to names, as long as expiration says
            revisions    always 1: a question (\(type.subjectForm)) is never restated
            """
    }
}
