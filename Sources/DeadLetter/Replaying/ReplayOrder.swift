/// Who replays, why and when: written on every copy and in the journal.
struct ReplayOrder: Hashable, Sendable {
    var by: String
    var reason: String
}
