internal import Fleet

// Why a recipe cannot be kept, found or used.
extension ProgramError {
    /// Only the ledger keeps recipes.
    static func noLedgerOfRecipes(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path), which alone keeps recipes.",
            remedy: "Run this where the workers run, or set ledger.path.", exit: .configuration)
    }

    static func unknownRecipe(_ name: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-recipe", sentence: "There is no recipe \(InertText.line(name)).",
            remedy: "`dead-letter recipes` lists them.", exit: .failure)
    }

    static func recipeHasOtherPatch(_ recipe: Recipe) -> ProgramError {
        ProgramError(
            code: "dead-letter.recipe-exists",
            sentence: InertText.line(
                "The recipe \(recipe.name) has another patch, saved by \(recipe.savedBy) at "
                    + "\(TimeText.text(recipe.savedAt)): \(recipe.note)"),
            remedy: "Choose another name, or put this one in its place with --replace.", exit: .failure)
    }

    /// Nothing has moved.
    static func misfits(_ findings: RecipeFindings) -> ProgramError {
        let first = findings.misfits.first.map { " The first is \($0.line)" } ?? ""
        return ProgramError(
            code: "dead-letter.misfit",
            sentence: "The patch does not fit \(Count.text(findings.misfitCount, "letter")), so nothing moves.\(first)",
            remedy: "Correct the patch, narrow the filters, or leave such letters as they are with --partial.",
            exit: .failure)
    }

    /// Only its queue had the body, so that it could not be tried before.
    static func misfit(_ misfit: RecipeFindings.Misfit) -> ProgramError {
        ProgramError(
            code: "dead-letter.misfit", sentence: "Stopped: the patch does not fit \(misfit.line)",
            remedy: "Correct the patch, narrow the filters, or leave such letters as they are with --partial; then the "
                + "same command does the rest.", exit: .failure)
    }
}
