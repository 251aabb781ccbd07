/// Goes through an object's fields in their order: to fill them from JSON, to write them, or to describe them.
protocol FieldVisitor {
    /// A member that has to be there, unless ``ContractValue/absent(_:)`` says otherwise.
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString)

    /// A member that may be missing or null.
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString)

    /// A rule over several fields that a schema can express too.
    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree)
}

extension FieldVisitor {
    @inline(__always)
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ summary: StaticString
    ) where Value.Rule == NoRule {
        field(name, &value, NoRule(), summary)
    }

    @inline(__always)
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ summary: StaticString
    ) where Value.Rule == NoRule {
        field(name, &value, NoRule(), summary)
    }
}
