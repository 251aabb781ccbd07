/// What a person has done to some letters at once: who, when and why. The journal has each letter.
public struct OperatorAction: Hashable, Sendable {
    /// When, in microseconds since 1970.
    public var at: Int64
    /// Who: `anna@console-2`.
    public var by: String
    /// What was done: `replay`, `discard`, `edit`, `import`, `annotate` …
    public var action: String
    /// Why, in the person's words.
    public var reason: String
    /// The flow of the letters, when they have one in common.
    public var flow: String?
    /// How many letters.
    public var letters: Int
    /// Whatever else there is to say.
    public var detail: String?

    /// What a person has done.
    public init(
        at: Int64, by: String, action: String, reason: String, flow: String? = nil, letters: Int, detail: String? = nil
    ) {
        self.at = at
        self.by = by
        self.action = action
        self.reason = reason
        self.flow = flow
        self.letters = letters
        self.detail = detail
    }
}

extension LedgerTransaction {
    /// Writes down what a person does; never changed afterwards.
    public func record(_ action: OperatorAction) throws(LedgerError) {
        _ = try connection.run(
            """
            INSERT INTO operator_action (at, by, action, reason, flow, letters, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.integer(action.at)
            bind.text(action.by)
            bind.text(action.action)
            bind.text(action.reason)
            bind.text(action.flow)
            bind.integer(Int64(action.letters))
            bind.text(action.detail)
        }
    }
}

extension LedgerSnapshot {
    /// What people have done, the newest first.
    public final func operatorActions(limit: Int = 100) throws(LedgerError) -> [OperatorAction] {
        try connection.all(
            try connection.prepare(
                """
                SELECT at, by, action, reason, flow, letters, detail FROM operator_action ORDER BY number DESC LIMIT ?
                """), { $0.integer(Int64(limit)) },
            row: { row in
                OperatorAction(
                    at: row.integer(0), by: row.text(1), action: row.text(2), reason: row.text(3),
                    flow: row.optionalText(4), letters: Int(row.integer(5)), detail: row.optionalText(6))
            })
    }
}
