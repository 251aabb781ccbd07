extension Catalogue {
    /// The JSON Schema (2020-12) of a whole message in structured mode. It accepts everything that ``MessageReader`` does and
    /// refuses what a schema can express.
    ///
    /// Left to the reader are sums, uniqueness and agreement between fields; whether a unit is in the published list; whether
    /// a payment reference is a card number; times that their zone moves out of the years 1 to 9999; revisions that are
    /// whole numbers but are written with a point or an exponent; keys that occur twice, strings with U+0000, size and depth.
    public static func jsonSchema(for type: MessageType) -> String {
        schema(for: type, type.payload).text()
    }

    private static func schema<Body: ContractPayload>(for type: MessageType, _: Body.Type) -> JSONTree {
        var describer = SchemaDescriber(SchemaDefinitions())
        var (envelope, data) = (Envelope.blank, Body.blank)
        envelope.visit(&describer)
        describer.field("data", &data, NoRule(), "What the message says of its subject.")
        let shape = describer.schema(summary: "\(type.summary) \(Envelope.summary)")
        let properties = shape["properties"].map { properties in
            properties.setting(
                "type", ["const": .string(type.name), "description": "What happened; also the routing key."]
            ).setting("data_base64", ["type": "null", "description": "Not read: data is JSON."])
        }
        let head: [(String, JSONTree)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("$id", .string(type.schemaID)),
            ("title", .string(type.title)),
        ]
        guard case .object(let members) = shape.setting("properties", properties ?? .null) else { return shape }
        return .object(head + members + [("$defs", .object(describer.definitions.members))])
    }

    /// The files that are derived from this catalogue and checked in, by their path below `Sources/Models/Derived`.
    public static var derivedFiles: [(path: String, contents: String)] {
        let schemas = types.map { (path: "schemas/\($0.name).json", contents: jsonSchema(for: $0)) }
        let bodies = types.flatMap { type in
            examples(for: type).map { (path: "examples/\($0.name).json", contents: $0.text) }
        }
        return [(path: "asyncapi.json", contents: asyncAPI())] + schemas + bodies
    }
}
