internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `dead-letter recipes list`.
struct RecipesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the recipes by name.",
        discussion: """
            Examples:
              dead-letter recipes
              dead-letter recipes list --json
            """)

    @OptionGroup var settings: SettingsOptions

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let recipes = try await LedgerFile.read(configuration) { try $0.recipes() }
            guard let recipes else { throw ProgramError.noLedgerOfRecipes(configuration.ledgerPath) }
            let list = RecipeListing(recipes: recipes, now: Timestamp.now().microseconds)
            Terminal.write(settings.json ? list.json : list.text(width: Terminal.width(of: .output)))
        }
    }
}

/// `dead-letter recipes show`.
struct RecipesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one recipe with its patch.",
        discussion: """
            Examples:
              dead-letter recipes show unit-mtr
              dead-letter recipes show unit-mtr --json | jq .patch
            """)

    @OptionGroup var settings: SettingsOptions

    @Argument(help: "The recipe's name.")
    var name: String

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let asked = name
            let answer = try await LedgerFile.read(configuration) { try $0.recipe(named: asked) }
            guard let answer else { throw ProgramError.noLedgerOfRecipes(configuration.ledgerPath) }
            guard let recipe = answer else { throw ProgramError.unknownRecipe(asked) }
            Terminal.write(settings.json ? recipe.json : recipe.text)
        }
    }
}
