internal import Fleet

// How a call may end otherwise than with everything done.
extension ProgramError {
    static let stopped = ProgramError(
        code: "dead-letter.stopped", sentence: "Stopped before the end.", remedy: "The same command does the rest.",
        exit: .failure)

    static func missing(_ ids: [String]) -> ProgramError {
        ProgramError(
            code: "dead-letter.unknown",
            sentence: "Not in any dead-letter queue: \(ids.map(InertText.line).joined(separator: ", ")).",
            remedy: "They may have been dealt with already (`dead-letter list --state all`), or another `dead-letter` "
                + "command looks at them just now: then try again.", exit: .failure)
    }

    static func unwanted(_ keys: Set<String>) -> ProgramError {
        let keys = keys.sorted().map(InertText.line).joined(separator: ", ")
        return ProgramError(
            code: "dead-letter.unwanted",
            sentence: "No queue takes messages under the routing key \(keys), so they stay unrouted.",
            remedy:
                "If a newer release has a message type of that name, install it. If it is a slip, have the producer "
                + "publish them again under their type; what is left here then goes with the broker's own tools.",
            exit: .failure)
    }

    static func stillUnrouted(_ count: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.still-unrouted",
            sentence: "\(Count.text(count, "message")) came straight back: the bindings are still missing.",
            remedy: "Run `stevedore topology apply`, then replay again; nothing is lost.", exit: .failure)
    }

    static func cameBack(_ count: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.came-back", sentence: "\(Count.text(count, "letter")) failed again.",
            remedy: "`dead-letter list --newer 10m` shows why.", exit: .failure)
    }

    /// Letters that were named stay where they are.
    static func leftBehind(_ kind: LetterVerdict.Kind, verb: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.would-fail",
            sentence: "Not all that was named would go through now: \(kind.rawValue).",
            remedy: "`dead-letter show` has the reason. Correct it, or \(verb) with --force.", exit: .failure)
    }

    static func held(_ known: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.held",
            sentence: "The queues gave nothing, but the index knows \(Count.text(known, "open letter")) of this kind.",
            remedy:
                "Another `dead-letter` command may look at them just now: try again. If it stays, no queue has ever "
                + "taken them, or somebody emptied it: `dead-letter show` has their bodies.", exit: .failure)
    }
}
