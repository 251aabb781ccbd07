internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// Which group a person speaks of, and who that is.
struct GroupOptions: ParsableArguments {
    @OptionGroup var settings: SettingsOptions

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The group's fingerprint, as `dead-letter groups` shows it, or how it begins.")
    var fingerprint: String

    func validate() throws {
        if fingerprint.isEmpty { throw ValidationError("say which group: its fingerprint, or how it begins") }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.utf8.count > 200 { throw ValidationError("--by is too long") }
    }

    /// Writes it down, and says what was there before.
    func make(_ change: DeadLetterGroupChange, reason: String) async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let now = Timestamp.now().microseconds
            let lookup = try await write(change, reason, configuration, now)
            let made = try lookup.value(of: fingerprint)
            Terminal.write(settings.json ? made.json.pretty() + "\n" : made.text(now: now))
        }
    }

    private func write(
        _ change: DeadLetterGroupChange, _ reason: String, _ configuration: Configuration, _ now: Int64
    ) async throws(ProgramError) -> GroupLookup<ChangedGroup> {
        guard LedgerFile.exists(configuration) else { throw .noLedgerOfGroups(configuration.ledgerPath) }
        let (asked, by) = (fingerprint, by)
        do {
            let ledger = try Ledger.open(path: configuration.ledgerPath)
            let lookup = try await ledger.write { transaction in
                try GroupLookup.find(asked, in: transaction) { fingerprint in
                    let before = try transaction.setGroupNote(change, of: fingerprint, by: by, reason: reason, at: now)
                    let after = try transaction.groupNotes(of: [fingerprint])[fingerprint]
                    return ChangedGroup(fingerprint: fingerprint, change: change, before: before, after: after)
                }
            }
            await ledger.close()
            return lookup
        } catch {
            throw ProgramError(ledger: error)
        }
    }
}
