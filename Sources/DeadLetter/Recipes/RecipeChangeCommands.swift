internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// Which recipe a person changes, and who that is.
struct RecipeOptions: ParsableArguments {
    @OptionGroup var settings: SettingsOptions

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The recipe's name: letters, digits, -, _ and .")
    var name: String

    func validate() throws {
        guard Recipe.isName(name) else {
            throw ValidationError("a recipe's name has 1 to 64 letters, digits, -, _ and .")
        }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.utf8.count > 200 { throw ValidationError("--by is too long") }
    }

    /// Changes something in the ledger.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (LedgerTransaction) throws -> Value
    ) async throws(ProgramError) -> Value {
        let configuration = try settings.load()
        guard LedgerFile.exists(configuration) else { throw .noLedgerOfRecipes(configuration.ledgerPath) }
        let ledger = try await ReplayLedger.open(configuration)
        let value = try await ledger.write(body)
        await ledger.close()
        return value
    }
}

/// `dead-letter recipes save`.
struct RecipesSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Keeps a patch under a name.",
        discussion: """
            Examples:
              dead-letter recipes save unit-mtr --patch unit.json --note "the shop says metres, the ERP MTR"
              echo '[{"op": "test", "path": "/data/lines/0/sku", "value": "FST-0099"},
                {"op": "replace", "path": "/data/lines/0/sku", "value": "FST-0001"}]' |
                dead-letter recipes save sku-0099 --patch - --note "FST-0099 is FST-0001 now" --replace
            """)

    @OptionGroup var choice: RecipeOptions

    @Option(help: "A file with a JSON Patch; - is standard input.")
    var patch: String

    @Option(help: "What it mends.")
    var note: String

    @Flag(help: "Put it in the place of another patch that has this name.")
    var replace = false

    func validate() throws {
        if note.allSatisfy(\.isWhitespace) { throw ValidationError("--note must say what it mends") }
        if note.utf8.count > 1_000 { throw ValidationError("a note has at most 1000 bytes") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let file = try PatchFile.readForMany(patch, limit: Recipe.largest)
            let recipe = Recipe(
                name: choice.name, patch: file.text, note: note, savedBy: choice.by,
                savedAt: Timestamp.now().microseconds)
            let isReplacing = replace
            switch try await choice.write({ try $0.save(recipe, isReplacing: isReplacing) }) {
            case .refused(let other): throw ProgramError.recipeHasOtherPatch(other)
            case .saved(let before): report(recipe, before, file.patch.operations.count)
            }
        }
    }

    private func report(_ recipe: Recipe, _ before: Recipe?, _ count: Int) {
        guard !choice.settings.json else { return Terminal.write(recipe.json) }
        let size = Count.text(count, "operation")
        Terminal.say("\(before == nil ? "Saved" : "Replaced") the recipe \(recipe.name): \(size).")
        if let before {
            let (who, when) = (InertText.line(before.savedBy), TimeText.text(before.savedAt))
            Terminal.say("Before: saved by \(who) at \(when): \(InertText.line(before.note))")
        }
    }
}

/// `dead-letter recipes remove`.
struct RecipesRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes a recipe away.",
        discussion: """
            Letters that were corrected by it stay as they are, and the ledger still tells what it said.

            Examples:
              dead-letter recipes remove unit-mtr
            """)

    @OptionGroup var choice: RecipeOptions

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let (name, by, now) = (choice.name, choice.by, Timestamp.now().microseconds)
            let removed = try await choice.write { try $0.removeRecipe(named: name, by: by, at: now) }
            guard let removed else { throw ProgramError.unknownRecipe(name) }
            if choice.settings.json { return Terminal.write(removed.json) }
            Terminal.say("Removed the recipe \(name), which was to mend: \(InertText.line(removed.note))")
        }
    }
}
