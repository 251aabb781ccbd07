/// The places of a contract by the steps that lead to them.
struct PersonalTree: Sendable {
    /// What stands here is a person's.
    private(set) var field: PersonalField?
    /// Whether anything here or further down is.
    private(set) var holdsPersons = false
    /// The text here is a key, a code or a number.
    private(set) var isKey = false
    /// Of an object that describes a person: members that are known and not personal.
    private var known: Set<String>?
    private var members: [String: PersonalTree] = [:]

    init() {}

    init(_ finder: PersonalFinder) { add(finder) }

    mutating func add(_ finder: PersonalFinder) {
        for key in finder.keys { change(at: Self.steps(key)) { $0.isKey = true } }
        for field in finder.fields { place(field, at: Self.steps(field.pointer)) }
        for (pointer, known) in finder.persons {
            change(at: Self.steps(pointer)) { $0.known = $0.known?.intersection(known) ?? known }
        }
    }

    /// What is known of a member. A message that breaks its contract may have an object where a list should be.
    func member(_ name: String) -> PersonalTree? { members[name] ?? members["*"] ?? stranger(name) }

    /// What is known of an element; likewise the other way round.
    var element: PersonalTree { members["*"] ?? self }

    /// A member that the contract does not know, beside what is a person's.
    private func stranger(_ name: String) -> PersonalTree? {
        guard let known, !known.contains(name) else { return nil }
        var tree = PersonalTree()
        tree.field = PersonalField(pointer: "", kind: .other, isOptional: true, isList: false)
        tree.holdsPersons = true
        return tree
    }

    private mutating func place(_ field: PersonalField, at steps: ArraySlice<String>) {
        holdsPersons = true
        guard let step = steps.first else {
            self.field = field
            return
        }
        members[step, default: PersonalTree()].place(field, at: steps.dropFirst())
    }

    private mutating func change(at steps: ArraySlice<String>, _ body: (inout PersonalTree) -> Void) {
        guard let step = steps.first else { return body(&self) }
        members[step, default: PersonalTree()].change(at: steps.dropFirst(), body)
    }

    private static func steps(_ pointer: String) -> ArraySlice<String> {
        pointer.split(separator: "/").map(String.init)[...]
    }
}
