internal import ArgumentParser

/// `dead-letter recipes`.
struct RecipesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipes", abstract: "Patches kept under a name, to correct all letters of one cause.",
        discussion: """
            A recipe is a JSON Patch (RFC 6902), as `dead-letter edit` takes it. `dead-letter replay --recipe` tries \
            it on all letters that are meant, and corrects and sends them when it fits. Begin it with `test` \
            operations, so that it fits no other letters.

            Examples:
              dead-letter recipes
              dead-letter recipes save unit-mtr --patch unit.json --note "the shop says metres, the ERP MTR"
              dead-letter recipes show unit-mtr
              dead-letter recipes remove unit-mtr
              dead-letter replay --all --fingerprint 9f86d081 --recipe unit-mtr --reason "unit as agreed" --dry-run

            Exit codes: 0 done, 1 no such recipe, or its name has another patch, 64 usage, 78 configuration.
            """,
        subcommands: [
            RecipesListCommand.self, RecipesShowCommand.self, RecipesSaveCommand.self, RecipesRemoveCommand.self,
        ], defaultSubcommand: RecipesListCommand.self)
}
