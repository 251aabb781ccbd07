/// What of one table belongs to an object that the store shows, and which of its columns the ERP decides.
package struct ShownTable: Hashable, Sendable {
    /// The table.
    package let name: String
    /// The columns that have the object's key, in its order.
    package let key: [String]
    /// Columns with one value in all rows that are meant.
    package let fixed: [String: String]
    /// The columns that tell an object's rows apart, in the order in which they are compared.
    package let order: [String]
    /// What is compared.
    package let columns: [String]
    /// Columns whose values say something of a person, and are shown to nobody.
    package let personal: Set<String>
    /// What is not compared, and why not.
    package let excluded: [String: String]

    /// Names are given with blanks between them.
    init(
        _ name: String, key: String, fixed: [String: String] = [:], order: String = "", columns: String,
        personal: String = "", excluded: [String: String] = [:]
    ) {
        self.name = name
        self.key = Self.words(key)
        self.fixed = fixed
        self.order = Self.words(order)
        self.columns = Self.words(columns)
        self.personal = Set(Self.words(personal))
        self.excluded = excluded
    }

    /// Every column that is accounted for.
    package var known: Set<String> { Set(key + columns + fixed.keys + excluded.keys) }

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

extension ShownTable {
    /// The reason that many columns share.
    static func excluding(_ columns: String, because reason: String) -> [String: String] {
        Dictionary(words(columns).map { ($0, reason) }) { first, _ in first }
    }

    /// What every object's main table has beside what the ERP says of it.
    static let bookkeeping = [
        "revision":
            "Counts what the store was told, which may be ahead of the ERP: an object that was gone and is back.",
        "changed_at": "When it became so; a message that restates the same may have another time.",
    ]

    /// When a number was known, which says what of the store's own orders is in it.
    static let moments = [
        "known_at": "When the ERP knew it, to reckon what may be promised.",
        "shown_at": "The fleet's own time.",
    ]
}
