/// A closed set of words.
protocol ContractChoice: ContractValue, RawRepresentable, CaseIterable where Rule == NoRule, RawValue == String {}

extension ContractChoice {
    mutating func read(_ place: Int, _ rule: NoRule, from reader: inout TapeReader) -> Bool {
        guard let bytes = reader.string(place) else { return false }
        if let value = Self(rawValue: String(decoding: bytes, as: UTF8.self)) {
            self = value
            return true
        }
        let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
        reader.faults.report("enum", place, "must be one of \(words)")
        return false
    }

    static func schema(_ rule: NoRule, in definitions: inout SchemaDefinitions) -> JSONTree {
        .object([("enum", .array(allCases.map { .string($0.rawValue) }))])
    }

    func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
