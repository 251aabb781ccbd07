/// Where messages hold what is a person's, derived from their contracts.
public enum PersonalContract {
    /// The places in messages of a type, in the order of the contract; none in those that are about goods.
    public static func fields(of type: MessageType) -> [PersonalField] { finder(type.payload).fields }

    /// Free texts and addresses of any contract of which nobody has said whose they are: always empty, see the tests.
    static var undeclared: [String] { types.flatMap { finder($0).undeclared.sorted() } }

    private static var types: [any ContractPayload.Type] { Catalogue.types.map(\.payload) }

    private static func finder<Body: ContractPayload>(_: Body.Type) -> PersonalFinder {
        var finder = PersonalFinder(at: ["data"])
        finder.enter(Body.self)
        return finder
    }

    /// The places of a type as a tree; of a type that is not known, those of all.
    static func tree(of type: String?) -> PersonalTree { type.flatMap { trees[$0] } ?? whole }

    private static let trees = Dictionary(
        Catalogue.types.map { ($0.name, PersonalTree(finder($0.payload))) }, uniquingKeysWith: { first, _ in first })

    private static let whole = types.reduce(into: PersonalTree()) { $0.add(finder($1)) }
}
