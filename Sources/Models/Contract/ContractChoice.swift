/// A closed set of words.
protocol ContractChoice: ContractValue, RawRepresentable, CaseIterable where Rule == NoRule, RawValue == String {}

extension ContractChoice {
    static func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Self? {
        guard let bytes = reader.string(place) else { return nil }
        if let value = Self(rawValue: String(decoding: bytes, as: UTF8.self)) { return value }
        let words = allCases.map(\.rawValue).joined(separator: ", ")
        reader.report("enum", place, "must be one of \(words)")
        return nil
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        .object([("enum", .array(allCases.map { .string($0.rawValue) }))])
    }

    func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
