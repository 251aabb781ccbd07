/// Something that can stand in a message: read, written and described by the same declaration.
protocol ContractValue: Sendable {
    /// What is asked of a value beyond its type.
    associatedtype Rule: Sendable = NoRule

    /// Stands in until the value is read.
    static var blank: Self { get }

    /// The value of a member that is missing or null; nil where it has to be there.
    static func absent(_ rule: Rule) -> Self?

    /// Makes this the value at `place`; false, and the value is not to be used, after faults were reported.
    mutating func read(_ place: Int, _ rule: Rule, from reader: inout TapeReader) -> Bool

    /// The JSON Schema of all values that ``read(_:_:from:)`` accepts, as far as a schema can tell.
    static func schema(_ rule: Rule, in definitions: inout SchemaDefinitions) -> JSONTree

    func write(to writer: inout JSONWriter)

    /// Makes this keep its contract as far as that takes nothing from what it says.
    mutating func mend(_ rule: Rule)
}

extension ContractValue {
    mutating func mend(_ rule: Rule) {}

    static func absent(_ rule: Rule) -> Self? { nil }
}

/// The rule of types that need none.
struct NoRule: Sendable {}
