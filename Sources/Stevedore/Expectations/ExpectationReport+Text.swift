internal import Fleet

extension ExpectationReport {
    /// For people; no line is longer than `width` where that can be.
    func text(width: Int?) -> String {
        guard !declared.isEmpty || missedCount > 0 else {
            return "Nothing is expected: the setting `expectations` declares nothing.\n"
        }
        var parts = [declaredTable.text(width: width) + clockLines + suspendedLines]
        if !missed.isEmpty { parts.append(missedTable.text(width: width) + more) }
        if let ended, !ended.isEmpty { parts.append(endedTable(ended).text(width: width)) }
        return parts.joined(separator: "\n")
    }

    private var declaredTable: TextTable {
        var table = TextTable([
            .text("NAME"), .text("CLOCK"), .number("WAITING"), .number("MISSED"), .number("LATE"), .text("EXPECTS"),
        ])
        for one in declared {
            table.add([
                one.name, clockWord(one.condition), Count.grouped(count(one.name, .waiting)),
                Count.grouped(count(one.name, .missed)), Count.grouped(count(one.name, .late)), one.text,
            ])
        }
        return table
    }

    private func clockWord(_ condition: ExpectationCondition) -> String {
        guard let clock = clocks[condition], clock.isWatched(at: now) else { return "not watched" }
        return clock.stop == nil ? "runs" : "stands"
    }

    /// Why time does not run.
    private var clockLines: String {
        if let missingLedger {
            return "Nothing has been watched yet: there is no ledger at \(InertText.line(missingLedger)) (setting "
                + "ledger.path). Start `alerts-worker`, or run this where the workers' ledger is.\n"
        }
        let lines = conditions.compactMap { condition -> String? in
            guard let clock = clocks[condition] else {
                return "Nobody has watched yet: start `alerts-worker`.\n"
            }
            if !clock.isWatched(at: now) {
                return "Nobody has watched for \(Age.text(microseconds: now - clock.seenAt)): no time counts "
                    + "meanwhile, and nothing is missed. Start `alerts-worker`.\n"
            }
            guard let stop = clock.stop else { return nil }
            return "The time of `while: \(condition.rawValue)` stands since "
                + "\(Age.text(microseconds: now - stop.since)): \(InertText.line(stop.reason))\n"
        }
        return lines.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined()
    }

    /// Of what waits, that for which no time runs: else it looks as if nobody would ever hear of it.
    private var suspendedLines: String {
        suspended.sorted { $0.key < $1.key }.map { name, count in
            let orders = Count.text(count, "order is a dead letter", "orders are dead letters")
            return "Of what waits for \(InertText.line(name)), \(orders): no time runs for "
                + "\(count == 1 ? "it" : "them"), and the cause has an alert of its own.\n"
        }.joined()
    }

    // MARK: - What did not happen

    private var missedTable: TextTable {
        var table = TextTable([
            .text("MISSED"), .text("SUBJECT"), .text("WAITS FOR"), .number("SINCE"), .number("ALARM"),
        ])
        for row in missed {
            table.add([
                row.key.name, row.key.subject, goal(row), Age.text(microseconds: now - row.since),
                Age.text(microseconds: now - (row.missedAt ?? now)) + " ago",
            ])
        }
        return table
    }

    private var more: String {
        let left = missedCount - missed.count
        return left > 0 ? "and \(Count.grouped(left)) more: `stevedore expectations list --all`\n" : ""
    }

    private func endedTable(_ rows: [ExpectationRow]) -> TextTable {
        var table = TextTable([.text("ENDED"), .text("SUBJECT"), .text("WAITED FOR"), .text("HOW"), .number("WHEN")])
        for row in rows {
            let how = row.state == .late ? "late" : "dropped: \(row.note ?? "")"
            let when = Age.text(microseconds: now - (row.endedAt ?? now)) + " ago"
            table.add([row.key.name, row.key.subject, goal(row), how, when])
        }
        return table
    }

    /// What has to be reached, in a few words.
    func goal(_ row: ExpectationRow) -> String {
        guard row.key.queue == nil else { return "a worker that takes them" }
        return switch declared.first(where: { $0.name == row.key.name })?.kind {
        case .answer?: "answer to revision \(row.key.mark)"
        case .shipments? where row.key.mark == Expectation.firstShipment: "a first shipment"
        case .shipments?: "shipments of \(Self.quantity(row.key.mark))"
        case .message?, .feed?: "next one"
        case nil: "not declared"
        }
    }

    /// Out of millionths: `12`, `2.5`.
    static func quantity(_ millionths: Int64) -> String {
        let (whole, part) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
        guard part != 0 else { return "\(whole)" }
        var digits = String(1_000_000 + part.magnitude).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
