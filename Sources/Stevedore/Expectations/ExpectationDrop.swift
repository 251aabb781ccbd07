internal import Fleet
internal import Ledger
internal import Models

/// That nobody waits any more for what is expected of an object under one name.
struct ExpectationDrop: Hashable, Sendable {
    var name: String
    var subject: String
    var by: String
    var reason: String
    /// In microseconds since 1970.
    var now: Int64
    /// The names that the settings declare.
    var declared: [String] = []

    func text(_ count: Int) -> String {
        "Of \(InertText.line(subject)), \(Count.text(count, "expectation")) of \(InertText.line(name)) "
            + "\(count == 1 ? "is" : "are") dropped.\n"
    }

    func json(_ count: Int) -> JSONValue {
        [
            "name": .string(name), "subject": .string(subject), "dropped": .integer(Int64(count)), "by": .string(by),
            "reason": .string(reason),
        ]
    }

    /// A slip in the name would else read as if all were well.
    fileprivate func isUnknown(_ known: [String]) -> ProgramError {
        let names = known.map { InertText.line($0) }.joined(separator: ", ")
        return ProgramError(
            code: "expectations.unknown-name",
            sentence: "There is no expectation of the name \(InertText.line(name)).",
            remedy: known.isEmpty
                ? "The setting `expectations` declares none." : "The names are: \(names).", exit: .failure)
    }

    fileprivate var isNothing: ProgramError {
        ProgramError(
            code: "expectations.not-open",
            sentence: "Nothing of \(InertText.line(subject)) is expected under the name \(InertText.line(name)).",
            remedy: "`stevedore expectations list --all` shows what is missed, and under which name. A heartbeat and a "
                + "queue cannot be dropped: mend it, or change the setting `expectations`.", exit: .failure)
    }
}

extension LedgerTransaction {
    /// Drops what waits or is missed, and writes down who does; returns how many there were.
    func perform(_ drop: ExpectationDrop) throws -> Int {
        let rows = try expectations(of: drop.subject, limit: 1_000).filter { row in
            row.key.name == drop.name && !row.key.family.isEmpty && (row.state == .waiting || row.state == .missed)
        }
        guard !rows.isEmpty else {
            let known = Set(try drop.declared + expectationNames()).sorted()
            throw known.contains(drop.name) ? drop.isNothing : drop.isUnknown(known)
        }
        for row in rows { try callOff(row, because: "\(drop.by): \(drop.reason)", now: drop.now) }
        try record(
            OperatorAction(
                at: drop.now, by: drop.by, action: "drop", reason: drop.reason, letters: 0,
                detail: "\(drop.name) \(drop.subject)"))
        return rows.count
    }
}
