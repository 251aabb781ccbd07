/// Something that a person has to know, restated in full at each change: the body of `alert.raised.v1`.
///
/// One alert stands for all failures of one cause: it counts them, and ends when none is left.
public struct Alert: Hashable, Sendable {
    /// What it is about, for example `dead-letter/1f0c…` or `expectation/order-answered`: the business key, and the
    /// envelope's `subject`.
    public var key: String
    /// Counts the restatements of this alert from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// Whether it still holds.
    public var state: State
    /// What sort of thing has happened.
    public var kind: Kind
    /// How bad it is.
    public var severity: Severity
    /// Stable and dotted, for example `sku.unknown`.
    public var code: String
    /// The category of the failure, when it is one: `rejected`, `transient` …
    public var category: String?
    /// The flow that it happened in, by its queue.
    public var flow: String?
    /// What has happened, in business language; resolved, how it ended.
    public var sentence: String
    /// What to do about it.
    public var remedy: String
    /// Commands that help, the first one first.
    public var commands: [String]
    /// How many objects are concerned now; of a resolved alert how many were at its worst.
    public var count: Int64
    /// Some of the objects, by their business keys.
    public var subjects: [String]
    /// Some of the accounts whose orders or data are concerned.
    public var accounts: [String]
    /// How much is at stake, for each currency; nothing where that is not known.
    public var atStake: [AlertStake]
    /// When it began.
    public var raisedAt: Timestamp
    /// When it last happened again.
    public var lastAt: Timestamp
    /// When it ended.
    public var resolvedAt: Timestamp?
    /// Who looks after it.
    public var owner: String?
    /// Where there is more to read.
    public var links: [String]

    /// Whether an alert still holds.
    public enum State: String, Hashable, Sendable, CaseIterable { case open, resolved }

    /// What sort of thing has happened.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Messages failed and wait for a person.
        case deadLetter = "dead-letter"
        /// A page of changes looks like a mistake and is held back.
        case parkedBatch = "parked-batch"
        /// Something cannot be reached, and work waits for it.
        case outage
        /// What had to happen did not.
        case expectation
        /// ERP and store do not agree.
        case drift
        /// Whatever else a program has to say.
        case other
    }

    /// How bad it is, the mildest first.
    public enum Severity: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Worth knowing.
        case info
        /// Nothing is late yet.
        case warning
        /// Something is late or wrong, and stays so until a person acts.
        case error
        /// Everything of a kind is, or money is being lost.
        case critical

        /// The milder one first.
        public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .info: 0
            case .warning: 1
            case .error: 2
            case .critical: 3
            }
        }
    }

    /// How many of its objects an alert names at most.
    public static let mostSubjects = 20
    /// How many accounts it names at most.
    public static let mostAccounts = 20

    /// All fields in their order.
    public init(
        key: String, revision: Int64, state: State = .open, kind: Kind, severity: Severity, code: String,
        category: String? = nil, flow: String? = nil, sentence: String, remedy: String, commands: [String] = [],
        count: Int64 = 1, subjects: [String] = [], accounts: [String] = [], atStake: [AlertStake] = [],
        raisedAt: Timestamp, lastAt: Timestamp, resolvedAt: Timestamp? = nil, owner: String? = nil,
        links: [String] = []
    ) {
        self.key = key
        self.revision = revision
        self.state = state
        self.kind = kind
        self.severity = severity
        self.code = code
        self.category = category
        self.flow = flow
        self.sentence = sentence
        self.remedy = remedy
        self.commands = commands
        self.count = count
        self.subjects = subjects
        self.accounts = accounts
        self.atStake = atStake
        self.raisedAt = raisedAt
        self.lastAt = lastAt
        self.resolvedAt = resolvedAt
        self.owner = owner
        self.links = links
    }
}

extension Alert: ContractObject {
    static var blank: Alert {
        Alert(
            key: "", revision: 0, kind: .blank, severity: .blank, code: "", sentence: "", remedy: "",
            raisedAt: .epoch, lastAt: .epoch)
    }
    static var schemaName: String { "Alert" }
    static var summary: String { "Something that a person has to know, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("key", &key, .identifier, "What it is about; equal to subject.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("state", &state, "Whether it still holds.")
        fields.field("kind", &kind, "What sort of thing has happened.")
        fields.field("severity", &severity, "How bad it is.")
        fields.field("code", &code, .key, "Stable and dotted, for example sku.unknown.")
        fields.field("category", &category, .key, "The category of the failure, when it is one.")
        fields.field("flow", &flow, .key, "The flow that it happened in, by its queue.")
        fields.field("sentence", &sentence, .text(1...2000), "What has happened; resolved, how it ended.")
        fields.field("remedy", &remedy, .text(0...2000), "What to do about it.")
        fields.field(
            "commands", &commands, .list(0...10, of: .text(1...500)), "Commands that help, the first one first.")
        fields.field("count", &count, .count, "How many objects are concerned; resolved, how many were at its worst.")
        fields.field("subjects", &subjects, .list(0...Self.mostSubjects, of: .subject), "Some of the objects.")
        fields.field(
            "accounts", &accounts, .list(0...Self.mostAccounts, of: .key), "Some of the accounts concerned.")
        fields.field("atStake", &atStake, .list(0...20), "How much is at stake, for each currency.")
        fields.field("raisedAt", &raisedAt, "When it began.")
        fields.field("lastAt", &lastAt, "When it last happened again.")
        fields.field("resolvedAt", &resolvedAt, "When it ended.")
        fields.field("owner", &owner, .text(1...120), "Who looks after it.")
        fields.field("links", &links, .list(0...10, of: .uri), "Where there is more to read.")
        fields.rule(
            "required", at: "resolvedAt", of: ["state", "resolvedAt"],
            holds: (state == .resolved) == (resolvedAt != nil),
            "must be there when the alert is resolved, and only then",
            schema: [
                "if": ["properties": ["state": ["const": "resolved"]]],
                "then": ["properties": ["resolvedAt": ["type": "string"]], "required": ["resolvedAt"]],
                "else": ["properties": ["resolvedAt": ["type": "null"]]],
            ])
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(atStake, list: "atStake", member: "currency", &faults) { $0.currency.code }
    }
}

extension Alert.State: ContractChoice {
    static let blank = Self.open
}

extension Alert.Kind: ContractChoice {
    static let blank = Self.other
}

extension Alert.Severity: ContractChoice {
    static let blank = Self.error
}
