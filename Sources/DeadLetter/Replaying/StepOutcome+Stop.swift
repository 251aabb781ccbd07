internal import Fleet

extension StepOutcome {
    /// Why no further step follows; nil when one may.
    func stop(isStopped: Bool, patience: Duration, isCorrected: Bool) -> ProgramError? {
        if let repeated {
            // The corrected message is a letter of its own now, and the patch may find nothing to change in it.
            let addition = isCorrected ? " with --partial, which leaves that one as it is" : ""
            return ProgramError(
                code: "dead-letter.repeated",
                sentence:
                    "Stopped: \(repeated.id) failed again for the same cause: \(repeated.sentence)",
                remedy: "`dead-letter show \(InertText.line(repeated.id))` has its story. Mend the cause, then run the "
                    + "same command\(addition): it does the rest.", exit: .failure)
        }
        guard !pending.isEmpty, !isStopped else { return nil }
        return ProgramError(
            code: "dead-letter.no-outcome",
            sentence: "Stopped: of \(Count.text(pending.count, "letter")) nothing is known after "
                + "\(patience.components.seconds) s; the first is \(InertText.line(pending[0].id)).",
            remedy: "Workers may be trying them again later, or be busy: `stevedore status`. The same command does the "
                + "rest; --no-canary waits for nothing.", exit: .failure)
    }
}
