internal import Fleet

/// Why a rehearsal cannot begin, or not go on. What it finds out about the fleet is no error but its verdict.
enum RehearsalError {
    static let stopped = ProgramError(
        code: "rehearse.stopped", sentence: "The rehearsal was stopped before its end, so it says nothing.",
        remedy: "Everything that it had started has ended, and what it wrote is removed.", exit: .failure)

    static func noServer(_ what: String) -> ProgramError {
        ProgramError(
            code: "rehearse.no-server", sentence: "rabbitmq-server is not installed here: there is no \(what).",
            remedy: "Install it (`apt-get install rabbitmq-server`), or name an empty virtual host with --amqp-url.",
            exit: .unavailable)
    }

    static func notStarted(_ label: String, _ words: [String]) -> ProgramError {
        ProgramError(
            code: "rehearse.not-started", sentence: "\(label) did not become ready.",
            remedy: words.isEmpty ? "It said nothing." : "It said:\n" + words.joined(separator: "\n"),
            exit: .unavailable)
    }

    static func ended(_ label: String, _ end: ProgramEnd, _ words: [String]) -> ProgramError {
        ProgramError(
            code: "rehearse.ended", sentence: "\(label) \(end), which nobody had asked it to.",
            remedy: words.isEmpty ? "It said nothing." : "It said:\n" + words.joined(separator: "\n"), exit: .failure)
    }

    static func notEmpty(_ name: String) -> ProgramError {
        ProgramError(
            code: "rehearse.not-empty",
            sentence: "The virtual host of --amqp-url is not empty: it has \(name). Nothing was touched.",
            remedy: "Make one for the rehearsal alone, such as with `rabbitmqctl add_vhost rehearsal`.",
            exit: .usage)
    }

    static func simulator(_ what: String) -> ProgramError {
        ProgramError(
            code: "rehearse.simulator", sentence: "The simulated ERP cannot be asked for \(what).",
            remedy: "Try again; `--keep` leaves its log.", exit: .failure)
    }

    static func noRoom(_ folder: String, needed: Double, free: Double) -> ProgramError {
        ProgramError(
            code: "rehearse.no-room",
            sentence:
                "\(folder) has \(Figure.bytes(free)) free, and this rehearsal needs about \(Figure.bytes(needed)).",
            remedy: "Set TMPDIR to a folder on a larger disk, or rehearse fewer orders.", exit: .unavailable)
    }

    static func noPorts() -> ProgramError {
        ProgramError(
            code: "rehearse.no-ports", sentence: "Every port that was tried on 127.0.0.1 is busy.",
            remedy: "End what listens on ports from 10000 to 25000, or name a broker with --amqp-url.",
            exit: .unavailable)
    }

    static func noFolder(_ parent: String) -> ProgramError {
        ProgramError(
            code: "rehearse.no-folder", sentence: "No folder for broker, ledger and books can be made in \(parent).",
            remedy: "Set TMPDIR to a folder that this user may write.", exit: .configuration)
    }

    static func unpublished(_ reason: String) -> ProgramError {
        ProgramError(
            code: "rehearse.unpublished", sentence: "The broker confirms no more: \(InertText.line(reason))",
            remedy: "Look at the broker and at the free room on its disk.", exit: .unavailable)
    }

    static func unreadable(_ error: any Error) -> ProgramError {
        ProgramError(
            code: "rehearse.ledger", sentence: "The rehearsal's ledger cannot be read: \(error)",
            remedy: "Try again; `--keep` leaves it.", exit: .failure)
    }
}
