internal import Fleet
internal import Storefront

/// What a run is to do.
struct ReconcileOptions: Sendable {
    /// Who has it repaired, how fast, and how much of it.
    struct Repair: Sendable {
        var note: RepairNote
        /// In a second.
        var rate = 50.0
        var limit: Int?
        /// Nothing but these objects, also when they were erased here; all when there are none.
        var only: Set<String> = []
        /// More than some need a person's word, by how many there are.
        var approve: @Sendable (Int) throws(ProgramError) -> Void = { _ in }
        /// So do withdrawals of a large part of a stream.
        var approveWithdrawals: @Sendable (ManyWithdrawals) throws(ProgramError) -> Void = { _ in }
        /// How large: more than so many percent, as the settings of the feed's guard say.
        var rowsDropped = 20
        /// Fewer withdrawals than this need no word.
        var minimum = 20

        /// Whether an object is to be repaired.
        func means(_ subject: String) -> Bool { only.isEmpty || only.contains(subject) }
    }

    /// Nothing is all.
    var kinds: Set<ReconcileKind> = []
    var warehouse: String?
    var settle = Duration.seconds(30)
    var samples = 10
    /// Nil for a dry run.
    var repair: Repair?
    var isRemembered = false
    /// False for a store that is only posted to.
    var hasTables = true

    /// The kinds in the order in which they are repaired.
    var chosen: [ReconcileKind] { ReconcileKind.allCases.filter { kinds.isEmpty || kinds.contains($0) } }
}
