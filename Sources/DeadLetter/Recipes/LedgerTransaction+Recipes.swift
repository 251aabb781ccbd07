internal import Ledger

/// What came of saving a recipe.
enum RecipeSaving: Hashable, Sendable {
    /// It is kept; what stood under its name before, if anything did.
    case saved(before: Recipe?)
    /// Another patch has this name, and keeps it.
    case refused(Recipe)
}

extension LedgerSnapshot {
    /// All there are, by name. A ledger in which nobody has saved or replayed anything has no table of them yet.
    func recipes() throws -> [Recipe] {
        guard try hasRecipes() else { return [] }
        return try query("SELECT name, patch, note, saved_by, saved_at FROM recipe ORDER BY name") { Recipe($0) }
    }

    /// The one of that name.
    func recipe(named name: String) throws -> Recipe? {
        guard try hasRecipes() else { return nil }
        return try first("SELECT name, patch, note, saved_by, saved_at FROM recipe WHERE name = ?", .text(name)) {
            Recipe($0)
        }
    }

    private func hasRecipes() throws -> Bool {
        try first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'recipe'") { $0.integer(0) } != nil
    }
}

extension LedgerTransaction {
    /// Keeps a recipe, and writes down who did. Its note may be changed at any time; another patch takes the place of
    /// the one that has its name only when `isReplacing`.
    func save(_ recipe: Recipe, isReplacing: Bool) throws -> RecipeSaving {
        let before = try self.recipe(named: recipe.name)
        if let before, !isReplacing, !before.hasSamePatch(as: recipe) { return .refused(before) }
        try execute(
            "INSERT OR REPLACE INTO recipe (name, patch, note, saved_by, saved_at) VALUES (?, ?, ?, ?, ?)",
            .text(recipe.name), .text(recipe.patch), .text(recipe.note), .text(recipe.savedBy),
            .integer(recipe.savedAt))
        try record(
            recipe, by: recipe.savedBy, reason: recipe.note, before == nil ? "saved" : "replaced", at: recipe.savedAt)
        return .saved(before: before)
    }

    /// Takes a recipe away, and writes down who did; nil when there is none of that name.
    func removeRecipe(named name: String, by: String, at now: Int64) throws -> Recipe? {
        guard let recipe = try self.recipe(named: name) else { return nil }
        try execute("DELETE FROM recipe WHERE name = ?", .text(name))
        try record(recipe, by: by, reason: "removed", "removed", at: now)
        return recipe
    }

    /// With the patch, so that what a recipe once said can still be told.
    private func record(_ recipe: Recipe, by: String, reason: String, _ deed: String, at now: Int64) throws {
        try record(
            OperatorAction(
                at: now, by: by, action: "recipe", reason: reason, letters: 0,
                detail: "\(deed) \(recipe.name): \(recipe.patch)"))
    }
}
