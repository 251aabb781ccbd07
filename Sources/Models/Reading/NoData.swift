/// Stands for `data` where the type is unknown, so that the envelope alone is judged.
struct NoData: ContractPayload {
    static var subjectFields: [StaticString] { ["number"] }
    let subject = ""
    let revision: Int64 = 0
    static var blank: NoData {
        NoData()
    }
    static var schemaName: String { "NoData" }
    static var summary: String { "Nothing." }

    mutating func visit(_ fields: inout some FieldVisitor) {}
}
