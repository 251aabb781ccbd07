internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// An object that is not listed any more.
struct MissingObject: Hashable, Sendable {
    var subject: String
    /// See ``ERPChange/keys``.
    var keys: [String]
    /// Whether the store was told before that it is gone.
    var isAgain = false
}

/// Some of what is missing, and how the store is told.
struct MissingObjects: Sendable {
    /// What the store is told, and in which words.
    var told: [(object: MissingObject, change: ERPChange)] = []
    /// What it need not be told.
    var needless: [MissingObject] = []
    /// What it does not show yet.
    var unknown: [MissingObject] = []
    /// The subject of the last of all; nil when nothing is missing.
    let last: String?

    /// - Parameter objects: in the order of subjects.
    init(_ objects: [MissingObject], of kind: ERPChangeKind, shown snapshot: LedgerSnapshot) throws {
        last = objects.last?.subject
        let today = String(Timestamp.now().description.prefix(10))
        for object in objects {
            let revision = try snapshot.toldRevision(family: kind.family, subject: object.subject)
            switch try kind.withdrawal(
                of: object.keys, isAgain: object.isAgain, after: revision, today: today, shown: snapshot)
            {
            case .unknown: unknown.append(object)
            case .needless: needless.append(object)
            case .told(let change): told.append((object, change))
            }
        }
    }

    /// What a person has not seen to be gone.
    var news: [ERPChange] { told.filter { !$0.object.isAgain }.map(\.change) }

    /// What the store is told once more.
    var again: [ERPChange] { told.filter(\.object.isAgain).map(\.change) }

    /// Why a person has to look at the news: all of it for that reason, or what it takes away; nil when none has to.
    func alarm(_ reason: String?, _ limits: GuardLimits, shown snapshot: LedgerSnapshot) throws -> BatchAlarm? {
        guard !news.isEmpty else { return nil }
        if let reason { return BatchAlarm(reason: reason, diff: lines) }
        return try BatchTally(news.map { DatedChange($0) }, limits: limits, shown: snapshot).alarm(limits)
    }

    private var lines: [String] {
        let lines = news.prefix(50).map { "\($0.subject): not listed any more" }
        return news.count > lines.count ? lines + ["and \(news.count - lines.count) more"] : lines
    }
}
