internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// A person's word for many repairs.
enum ReconcileApproval {
    /// So many need none.
    static let unasked = 1_000

    /// Asks at a terminal; where there is none, an option has to say it.
    static func ask(_ count: Int) throws(ProgramError) {
        try ask(to: "repair \(Count.text(count, "object"))", orElse: "add --yes, or --limit N for some of it")
    }

    /// The same for what a feed would have a person look at.
    static func ask(_ withdrawals: ManyWithdrawals) throws(ProgramError) {
        try ask(to: withdrawals.deed, orElse: "add --yes once the ERP's list is known to be right")
    }

    private static func ask(to deed: String, orElse way: String) throws(ProgramError) {
        guard isatty(0) == 1, Terminal.isInteractive(.error) else {
            throw ProgramError(
                code: "reconcile.needs-yes", sentence: "To \(deed) needs a person's word.",
                remedy: "Look at it without --repair, then \(way).", exit: .usage)
        }
        Terminal.write("Go on and \(deed)? [y/N] ", to: .error)
        let answer = readLine() ?? ""
        guard ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace }) else {
            throw ProgramError(
                code: "reconcile.not-approved", sentence: "Nothing was changed.", remedy: "Answer y to go on.",
                exit: .failure)
        }
    }
}

/// A large part of a stream that the ERP does not list any more: the ERP may have left it out by mistake.
struct ManyWithdrawals: Hashable, Sendable {
    var stream: ReconcileStream
    /// How many objects would be withdrawn, and of how many.
    var missing: Int
    var known: Int

    /// As the feed counts: more than that share of what there was, and not a few.
    static func isMany(_ missing: Int, of known: Int, percent: Int, minimum: Int) -> Bool {
        missing >= minimum && missing * 100 > known * percent
    }

    /// For people: `withdraw 900 of 1,000 objects of products from the store`.
    var deed: String {
        InertText.line(
            "withdraw \(Count.grouped(missing)) of \(Count.text(known, "object")) of \(stream) from the store")
    }
}
