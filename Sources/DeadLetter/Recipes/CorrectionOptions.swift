internal import ArgumentParser
internal import Fleet
internal import Ledger

/// Whether letters are corrected before they are sent, and how.
struct CorrectionOptions: ParsableArguments {
    @Option(help: "Correct each letter first by this recipe; `dead-letter recipes` lists them.")
    var recipe: String?

    @Option(help: "Correct each letter first by the JSON Patch in this file; - is standard input.")
    var patch: String?

    @Flag(help: "Leave letters as they are that the patch does not fit; without it, nothing moves then.")
    var partial = false

    /// For the command to ask, which knows what else was said.
    func check(_ filter: LetterFilter, withoutLedger: Bool) throws {
        guard recipe != nil || patch != nil else {
            if partial { throw ValidationError("--partial is for --recipe and --patch") }
            return
        }
        if recipe != nil && patch != nil { throw ValidationError("give one of --recipe and --patch") }
        if withoutLedger {
            throw ValidationError("corrected messages are written down in the ledger first: leave --without-ledger out")
        }
        if filter.sources == [.unrouted] {
            throw ValidationError("what is unrouted did not fail, so it is not corrected: leave --queue unrouted out")
        }
    }

    /// What was said, read; nil when letters are sent as they are.
    func applied(_ configuration: Configuration) async throws(ProgramError) -> AppliedRecipe? {
        if let patch {
            return AppliedRecipe(patch: try PatchFile.readForMany(patch).patch, name: nil, isPartial: partial)
        }
        guard let name = recipe else { return nil }
        let answer = try await LedgerFile.read(configuration) { try $0.recipe(named: name) }
        guard let answer else { throw .noLedgerOfRecipes(configuration.ledgerPath) }
        guard let found = answer else { throw .unknownRecipe(name) }
        return AppliedRecipe(patch: try found.operations(), name: found.name, isPartial: partial)
    }
}
