internal import Fleet
internal import Ledger

/// What dead letters say of a name that is no object's.
enum WhyLetters: Hashable, Sendable {
    case naming(WhyNaming)
    case group(WhyGroup)

    func verdict(_ typed: String) -> WhyVerdict {
        switch self {
        case .naming(let naming): naming.verdict(typed)
        case .group(let group): group.verdict
        }
    }
}

/// Open dead letters that name something, as far as they were looked through.
struct WhyNaming: Hashable, Sendable {
    var count: Int
    var newest: DeadLetterRecord
    /// The groups that they are in.
    var fingerprints: [String]
    /// Whether only their bodies have it, and not the sentences about what failed.
    var isInBody: Bool
    /// How many of the open letters were looked at, the newest of each group, and whether those are all.
    var looked: Int
    var isAll: Bool

    func verdict(_ typed: String) -> WhyVerdict {
        WhyVerdict(
            "dead-letter.named", sentence(typed),
            next: "Nothing more happens with \(count == 1 ? "it" : "them") by itself.", remedy: remedy)
    }

    /// `150 open dead letters name GONE-03; the newest is L-7 of W-1 since … (sku.unknown): There is no …`
    func sentence(_ name: String) -> String {
        let isOne = count == 1
        let number = (isAll ? "" : "At least ") + Count.text(count, "open dead letter")
        let named =
            isInBody
            ? "\(isOne ? "has" : "have") \(name) in \(isOne ? "its body" : "their bodies")"
            : "\(isOne ? "names" : "name") \(name)"
        return "\(number) \(named); \(isOne ? "it is" : "the newest is") \(newest.id)\(newest.ofSubject) since "
            + "\(WhyTime.text(newest.lastFailedAt)) (\(newest.code)): \(newest.sentence)\(bound)"
    }

    private var bound: String {
        isAll ? "" : " Looked through were \(Count.grouped(looked)) of the open letters, the newest of each cause."
    }

    var remedy: String {
        guard count > 1 else { return newest.mending }
        let groups = fingerprints.count == 1 ? "group" : "groups"
        let names = fingerprints.prefix(3).map { "`dead-letter list --fingerprint \($0)`" }.joined(separator: ", ")
        let more = fingerprints.count > 3 ? " and more" : ""
        return "\(newest.mending) The others are in the \(groups) \(names)\(more), which may have letters that name "
            + "something else."
    }
}

/// Dead letters of one fingerprint.
struct WhyGroup: Hashable, Sendable {
    var fingerprint: String
    /// How many of them are in the state of the newest, as far as they were counted.
    var count: Int
    /// How many of the newest say the very same as the newest.
    var alike: Int
    /// The newest that is open, or else the newest that nothing is left to do about.
    var latest: DeadLetterRecord
    var note: String?
    var assignee: String?
    var told: WhyTold?

    /// What is not counted any further.
    static let most = 10_000

    var verdict: WhyVerdict {
        let which = "\(latest.id)\(latest.ofSubject)"
        guard latest.state == .open else {
            return WhyVerdict(
                "dead-letter.group.past",
                "No dead letter of the group \(fingerprint) is open. The newest that was, \(which), is "
                    + "\(latest.state.rawValue): \(latest.code): \(latest.sentence)",
                next: "Nothing, until one of that cause fails again.")
        }
        let number = "\(count >= Self.most ? "at least " : "")\(Count.text(count, "open dead letter"))"
        return WhyVerdict(
            "dead-letter.group",
            "The group \(fingerprint) has \(number) of \(latest.flow) (\(latest.code)); the newest is \(which) since "
                + "\(WhyTime.text(latest.lastFailedAt)): \(latest.sentence)\(othersClause)",
            next: "Nothing more happens with them by itself.",
            remedy: "`dead-letter groups show \(fingerprint)` has all of them. \(latest.mending)", told: toldText)
    }

    private var othersClause: String {
        let looked = min(count, WhyFacts.Cause.looked)
        guard alike < looked else { return "" }
        let few = "\(Count.grouped(alike)) \(alike == 1 ? "says" : "say") so."
        return " Of the newest \(Count.grouped(looked)) only \(few)"
    }

    private var toldText: String {
        let parts: [String?] = [
            told?.text, assignee.map { "The group is assigned to \($0)." } ?? "Nobody is assigned to the group.",
            note.map { "Noted: \(WhyFacts.bare($0))." },
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }
}

extension DeadLetterRecord {
    /// ` of W-1001`; empty where nobody could read of what it is.
    var ofSubject: String { subject.map { $0.isEmpty ? "" : " of \($0)" } ?? "" }
}
