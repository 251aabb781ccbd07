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
                + "command looks at them just now: then try again. \(restoring)", exit: .failure)
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
    static func leftBehind(_ kind: LetterVerdict.Kind) -> ProgramError {
        ProgramError(
            code: "dead-letter.would-fail",
            sentence: "Not all that was named would go through now: \(kind.rawValue).", remedy: mending(kind),
            exit: .failure)
    }

    /// Letters were meant, and none was sent.
    static func nothingSent(_ kind: LetterVerdict.Kind?, isMisfit: Bool) -> ProgramError {
        let reason = kind?.rawValue ?? (isMisfit ? "the patch does not fit" : "refused, or dealt with by somebody else")
        return ProgramError(
            code: "dead-letter.nothing-sent", sentence: "Nothing was sent, although letters are left: \(reason).",
            remedy: kind.map { mending($0) } ?? "The reasons are above; `dead-letter list` has the letters.",
            exit: .failure)
    }

    /// How letters come through that would fail as they are.
    private static func mending(_ kind: LetterVerdict.Kind) -> String {
        guard kind == .stillInvalid else {
            return "`dead-letter show` has the reason. Once what is missing is there, run the same command again; "
                + "--force sends them all the same."
        }
        return "`dead-letter show` has the reason. Sent as they are they only come back: correct each with "
            + "`dead-letter edit`, or give it up with `dead-letter discard` where the producer says it anew."
    }

    /// What brings letters back that somebody has emptied out of their queue.
    static let restoring =
        "If somebody emptied the queue, `dead-letter export --kept --output letters.ndjson` and "
        + "`dead-letter import letters.ndjson --reason …` put them back."

    static func held(_ known: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.held",
            sentence: "The queues gave nothing, but the index knows \(Count.text(known, "open letter")) of this kind.",
            remedy: "Another `dead-letter` command may look at them just now: try again. \(restoring) What no queue "
                + "has ever taken goes with `dead-letter edit`.", exit: .failure)
    }
}
