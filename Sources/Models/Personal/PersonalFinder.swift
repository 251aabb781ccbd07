/// Goes through a contract as its reader and its writer do, and gathers the places that are a person's. So a new address
/// or contact anywhere in a message is found without anybody thinking of it.
struct PersonalFinder: FieldVisitor {
    private(set) var fields: [PersonalField] = []
    /// Free texts of which nobody has said whose they are.
    private(set) var undeclared: Set<String> = []
    /// Fields whose texts are keys, codes, numbers or times: no words to look through.
    private(set) var keys: [String] = []
    /// Objects that describe one person, and what of theirs is known not to be personal.
    private(set) var persons: [String: Set<String>] = [:]
    private var path: [String]
    private var owner = ""

    /// A finder below the place that the steps lead to.
    init(at path: [String]) { self.path = path }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString
    ) {
        visit(name.description, Value.self, rule, isOptional: Value.absent(rule) != nil)
    }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString
    ) {
        visit(name.description, Value.self, rule, isOptional: true)
    }

    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree
    ) {}

    /// Goes through all fields of an object.
    mutating func enter<Object: ContractObject>(_: Object.Type) {
        let outer = owner
        owner = Object.schemaName
        if PersonalDeclaration.persons.contains(owner) { persons[pointer] = [] }
        var value = Object.blank
        value.visit(&self)
        owner = outer
    }

    private var pointer: String { path.map { "/" + $0 }.joined() }

    private mutating func visit<Value: ContractValue>(
        _ name: String, _ type: Value.Type, _ rule: Value.Rule, isOptional: Bool
    ) {
        let parent = pointer
        path.append(name)
        let list = rule as? ListRule<TextRule>
        if let kind = PersonalDeclaration.fields["\(owner).\(name)"] {
            fields.append(
                PersonalField(pointer: pointer, kind: kind, isOptional: isOptional, isList: list != nil))
        } else {
            persons[parent]?.insert(name)
            note(name, rule as? TextRule ?? list?.element)
            if !descend(type), !PersonalDeclaration.business.contains("\(owner).\(name)") { keys.append(pointer) }
        }
        path.removeLast()
    }

    private mutating func note(_ name: String, _ text: TextRule?) {
        let declared = "\(owner).\(name)"
        let isDeclared =
            PersonalDeclaration.business.contains(declared) || PersonalDeclaration.verbatim.contains(declared)
        guard let text, !isDeclared else { return }
        switch text.form {
        case .free, .email: undeclared.insert(declared)
        case .key, .uri, .paymentReference, .trackingNumber: break
        }
    }

    /// False where there are no fields further down.
    private mutating func descend(_ type: any ContractValue.Type) -> Bool {
        if let object = type as? any ContractObject.Type {
            enter(object)
            return true
        }
        guard let list = type as? any ContractList.Type else { return false }
        path.append("*")
        defer { path.removeLast() }
        return descend(list.elementType)
    }
}

/// A list, whatever is in it.
private protocol ContractList {
    static var elementType: any ContractValue.Type { get }
}

extension Array: ContractList where Element: ContractValue {
    static var elementType: any ContractValue.Type { Element.self }
}
