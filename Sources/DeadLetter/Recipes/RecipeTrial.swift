internal import Fleet
internal import Ledger
internal import Models

/// Tries a patch on letters. Writes nothing anywhere.
struct RecipeTrial: Sendable {
    /// What would come of a letter.
    enum Outcome: Sendable {
        /// What would come of the corrected message; there is none where the letter's object has arrived without it.
        case judged(LetterVerdict, CorrectedMessage?)
        /// The patch does not fit: why.
        case misfit(String)
    }

    let recipe: AppliedRecipe
    let order: ReplayOrder
    private let judge = LetterJudge()

    init(_ recipe: AppliedRecipe, _ order: ReplayOrder) {
        self.recipe = recipe
        self.order = order
    }

    /// - Parameter snapshot: nil where there is no ledger; only the contract speaks then.
    func outcome(of letter: Letter, _ snapshot: LedgerSnapshot?) throws -> Outcome {
        let asItIs = try judge.verdict(letter, snapshot)
        if asItIs.kind == .alreadyApplied || asItIs.kind == .superseded { return .judged(asItIs, nil) }
        let edit = LetterEdit(.patch(recipe.patch), order, at: .now())
        let message: CorrectedMessage
        do throws(EditRefusal) {
            message = try edit.corrected(letter)
        } catch {
            return .misfit(error.error.sentence)
        }
        guard !message.changes.isEmpty else { return .misfit("The patch changes nothing in it.") }
        let verdict = try judge.verdict(
            message.content, flow: message.flow, code: letter.code, faults: [], snapshot)
        return .judged(verdict, message)
    }
}
