internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// A person's word for what touches many letters.
enum Approval {
    /// Asks at a terminal; where there is none, an option has to say it.
    static func ask(_ deed: String) throws(ProgramError) {
        guard isatty(0) == 1, Terminal.isInteractive(.error) else {
            throw ProgramError(
                code: "dead-letter.needs-yes", sentence: "To \(deed) needs a person's word.",
                remedy: "Look at it with --dry-run, then add --yes.", exit: .usage)
        }
        Terminal.write("Go on and \(deed)? [y/N] ", to: .error)
        let answer = readLine() ?? ""
        guard ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace }) else {
            throw ProgramError(
                code: "dead-letter.not-approved", sentence: "Nothing was changed.", remedy: "Answer y to go on.",
                exit: .failure)
        }
    }
}
