internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

extension CourierRoute {
    /// Writes down what came of a letter, and says so.
    func settle(_ letter: AlertLetter, _ delivery: AlertDelivery) async {
        switch delivery {
        case .none: await absence?.gaveUp()
        case .untried:
            await absence?.gaveUp()
            await postpone(letter, nil, by: .zero, mayBeThere: false)
        case .sent: await finish(letter)
        case .refused(let trouble):
            await noteAnswer()
            await refuse(letter, trouble)
        case .unfit(let trouble):
            await absence?.gaveUp()
            await refuse(letter, trouble)
        case .later(let trouble, let mayBeThere):
            await noteAnswer()
            let tries = letter.attempts + 1
            let delay = settings.schedule.delay(after: tries, spread: .random(in: 0...1))
            logger.warning(
                "alert not taken",
                metadata: letter.metadata.merging(trouble.metadata) { $1 }.merging(["retry": "\(delay)"]) { $1 })
            await postpone(letter, trouble, by: delay, mayBeThere: mayBeThere)
        case .slow(let trouble, let least):
            await absence?.answered()
            await postpone(letter, trouble, by: noteDown(trouble, atLeast: least), mayBeThere: false)
        case .down(let trouble, let least, let mayBeThere):
            await postpone(
                letter, trouble, by: noteAbsence(trouble, atLeast: least), mayBeThere: mayBeThere)
        case .unanswered(let trouble):
            // Each try may be one more copy, however often the channel is tried.
            let patience = settings.schedule.delay(after: letter.copies, spread: .random(in: 0...1))
            let rest = max(await noteAbsence(trouble, atLeast: nil), patience)
            if letter.copies < AlertLetter.mostCopies {
                await postpone(letter, trouble, by: rest, mayBeThere: true)
            } else {
                await presume(letter, trouble)
            }
        }
    }

    /// Ends what nobody has said to have arrived, though it was handed over as often as it may be.
    private func presume(_ letter: AlertLetter, _ trouble: AlertTrouble) async {
        await record { transaction, now in
            for notice in letter.notices {
                try transaction.end(
                    notice, as: .sent, message: letter.message, reason: "unknown whether it arrived: \(trouble.reason)",
                    now: now)
            }
        }
        sent.add(letter.notices.count, ordering: .relaxed)
        logger.error(
            "alert sent, unknown whether it arrived",
            metadata: letter.metadata.merging(trouble.metadata) { $1 }.merging(["copies": "\(letter.copies)"]) { $1 })
    }

    private func finish(_ letter: AlertLetter) async {
        await noteAnswer()
        await record { transaction, now in
            for notice in letter.notices { try transaction.end(notice, as: .sent, message: letter.message, now: now) }
        }
        sent.add(letter.notices.count, ordering: .relaxed)
        logger.info("alert sent", metadata: letter.metadata)
    }

    private func refuse(_ letter: AlertLetter, _ trouble: AlertTrouble) async {
        await record { transaction, now in
            for notice in letter.notices {
                try transaction.end(
                    notice, as: .refused, message: letter.message, reason: trouble.reason, now: now)
            }
        }
        refused.add(letter.notices.count, ordering: .relaxed)
        let again = letter.items.count == 1 ? letter.items.first?.record.alert.key ?? "" : "--all-refused"
        logger.error(
            "alert refused",
            metadata: letter.metadata.merging(trouble.metadata) { $1 }.merging([
                "resend": "stevedore alerts resend \(again)"
            ]) { $1 })
    }

    /// Without a trouble nothing was tried, and nothing is noted but that no copy can be there.
    private func postpone(
        _ letter: AlertLetter, _ trouble: AlertTrouble?, by delay: Duration, mayBeThere: Bool
    ) async {
        await record { transaction, now in
            let due = now + delay.wholeMicroseconds
            for notice in letter.notices {
                if !mayBeThere { try transaction.takeBack(notice) }
                if let trouble { try transaction.postpone(notice, until: due, reason: trouble.reason) }
            }
        }
    }

    /// Writes until it is written: a letter whose end is not known would be sent again. Gives up when the program ends.
    private func record(_ body: @escaping @Sendable (LedgerTransaction, Int64) throws -> Void) async {
        while true {
            do {
                return try await ledger.write { try body($0, Timestamp.now().microseconds) }
            } catch {
                note(error)
                guard goesOn, (try? await Task.sleep(for: settings.poll)) != nil else { return }
            }
        }
    }
}

extension AlertLetter {
    /// What the log says of it. Addresses are hidden there, and what looks like one: so the rules say whom it is for,
    /// and of the id, by which a mail server's log has it, stands what comes before its domain.
    var metadata: Logger.Metadata {
        [
            "channel": "\(channel.rawValue)", "recipient": "\(recipient)",
            "message": "\(message.prefix { $0 != "@" })", "rules": "\(rules.joined(separator: ", "))",
            "alerts": "\(items.prefix(5).map(\.record.alert.key).joined(separator: " "))", "count": "\(items.count)",
        ]
    }
}

extension AlertTrouble {
    /// What the log says of it.
    var metadata: Logger.Metadata {
        ["code": "\(code)", "reason": "\(sentence)", "remedy": "\(remedy)"]
    }
}

extension Failure {
    /// As the outage keeps it.
    init(_ trouble: AlertTrouble) {
        self.init(
            code: trouble.code, category: .unavailable, sentence: trouble.sentence, remedy: trouble.remedy)
    }
}
