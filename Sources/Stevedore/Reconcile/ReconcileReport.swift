internal import Fleet
internal import Models

/// What a run has found, and what it has done.
struct ReconcileReport: Sendable {
    /// What was found in one stream.
    struct Part: Sendable {
        var stream: ReconcileStream
        /// The ERP's objects that were read.
        var read = 0
        /// The objects that either side has.
        var compared = 0
        var counts: [Outcome: Int] = [:]
        /// How many of the drifted ones a message can repair, and how many the run before did not know.
        var repairable = 0
        var news = 0
        /// Rows of the ERP that cannot be told.
        var unreadable = 0
        /// The first findings, drift first.
        var samples: [Finding] = []
        /// Whether it was compared to its end.
        var isComplete = false

        var drifted: Int { counts.filter { $0.key.isDrift }.values.reduce(0, +) }
    }

    /// What has become of the repairs.
    struct Repair: Sendable {
        var reason: String
        var planned = 0
        /// Only what somebody has named was to be repaired.
        var isNarrowed = false
        var sent = 0
        /// What needed no message any more when its turn came.
        var needless = 0
        /// What was told or applied anew since it was compared, so that nothing was sent over that; the first of them.
        var changed = 0
        var changedSubjects: [String] = []
        static let mostSubjects = 10

        mutating func add(_ end: RepairEnd, of subject: String) {
            switch end {
            case .sent: sent += 1
            case .needless: needless += 1
            case .changed:
                changed += 1
                if changedSubjects.count < Self.mostSubjects { changedSubjects.append(subject) }
            }
        }
    }

    var startedAt: Timestamp
    var endedAt: Timestamp
    var erp = ""
    var ledger = ""
    /// Whether what the store was told was compared, and not what it shows.
    var isTold = false
    /// Whether a store is posted to beside the tables that were compared.
    var hasPosts = false
    var parts: [Part] = []
    /// Nil for a dry run.
    var repair: Repair?
    var isRemembered = false
    var isStopped = false
    /// Everything was judged, and handed out.
    var isJudged = false

    var drifted: Int { parts.reduce(0) { $0 + $1.drifted } }
    var repairable: Int { parts.reduce(0) { $0 + $1.repairable } }
    var news: Int { parts.reduce(0) { $0 + $1.news } }

    /// Every stream was compared to its end, and all that was found is in the files.
    var isWhole: Bool { isJudged && !parts.isEmpty && parts.allSatisfy(\.isComplete) }

    /// All that has drifted is being repaired.
    var isRepaired: Bool { repair.map { $0.sent + $0.needless >= drifted } ?? false }

    func count(_ outcome: Outcome) -> Int { parts.reduce(0) { $0 + ($1.counts[outcome] ?? 0) } }
}
