/// A JSON object whose fields are declared once, in ``visit(_:)``.
protocol ContractObject: ContractValue where Rule == NoRule {
    /// Its name among the schema's definitions.
    static var schemaName: String { get }
    /// What it is, for the schema.
    static var summary: String { get }

    /// Every field, in the order in which it is written.
    mutating func visit(_ fields: inout some FieldVisitor)

    /// Lets go of what cannot be said without a field that ``mend(_:)`` took away.
    mutating func degrade()

    /// Reports what no schema can say: sums, uniqueness, agreement between fields.
    func check(_ faults: inout FaultList)
}

extension ContractObject {
    func check(_ faults: inout FaultList) {}

    mutating func degrade() {}

    mutating func mend(_ rule: NoRule) {
        var mender = Mender()
        visit(&mender)
        degrade()
    }

    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard let outer = reader.enter(place) else { return false }
        visit(&reader)
        check(&reader.faults)
        reader.leave(to: outer)
        return true
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        definitions.reference(schemaName) { definitions in
            var describer = SchemaDescriber(definitions)
            var value = blank
            value.visit(&describer)
            definitions = describer.definitions
            return describer.schema(summary: summary)
        }
    }

    func write(to writer: inout JSONWriter) {
        var value = self
        writer.open("{")
        value.visit(&writer)
        writer.close("}")
    }
}
