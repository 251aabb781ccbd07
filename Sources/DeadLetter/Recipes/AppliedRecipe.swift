/// How letters are corrected before they are sent.
struct AppliedRecipe: Sendable {
    let patch: JSONPatch
    /// Nil for a patch that is not kept.
    let name: String?
    /// Leaves letters as they are that the patch does not fit.
    let isPartial: Bool

    /// For the record of what was done.
    var title: String { name.map { "recipe \($0)" } ?? "a patch" }
}
