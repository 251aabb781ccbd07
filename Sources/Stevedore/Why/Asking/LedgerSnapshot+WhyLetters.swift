internal import Fleet
internal import Ledger
internal import Models

// What dead letters say of a name. How much is looked at does not grow with how many there are.
extension LedgerSnapshot {
    /// How many groups, sentences, bodies and bytes of bodies are looked at.
    private static var mostGroups: Int { 1_000 }
    private static var mostSentences: Int { 10_000 }
    private static var mostBodies: Int { 300 }
    private static var mostBytes: Int64 { 2 << 20 }

    /// The group of that name, or the letters that name it; nil when there are none.
    func whyLetters(_ typed: String, _ tables: WhyTables) throws -> WhyLetters? {
        if let group = try whyGroup(typed, tables) { return .group(group) }
        return try whyNaming(typed).map { .naming($0) }
    }

    /// How many of the newest letters of its group say the very same, itself included.
    func whyAlike(_ letter: DeadLetterRecord) throws -> Int {
        let most = SQLValue.integer(Int64(WhyFacts.Cause.looked))
        return Int(
            try rows(.causeAlike, .text(letter.fingerprint), .text(letter.sentence), most) { $0.integer(0) }.first ?? 0)
    }

    // MARK: - Groups

    /// The only group whose fingerprint is that, or begins so; an alert's key is that of its group.
    private func whyGroup(_ typed: String, _ tables: WhyTables) throws -> WhyGroup? {
        let name = (typed.hasPrefix("dead-letter/") ? String(typed.dropFirst(12)) : typed).lowercased()
        guard (4...16).contains(name.utf8.count), name.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        for state in DeadLetterState.allCases.map({ SQLValue.text($0.rawValue) }) {
            guard let first = try rows(.causeFrom, state, .text(name), row: { $0.text(0) }).first,
                first.hasPrefix(name)
            else { continue }
            let second = try rows(.causeAfter, state, .text(first)) { $0.text(0) }.first
            // Of several nobody says which was meant, but for one that is typed as a whole.
            guard first == name || second?.hasPrefix(name) != true else { return nil }
            return try whyGroup(first, state, tables)
        }
        return nil
    }

    private func whyGroup(_ fingerprint: String, _ state: SQLValue, _ tables: WhyTables) throws -> WhyGroup? {
        guard let latest = try rows(.causeLatest, state, .text(fingerprint), row: { DeadLetterRecord(why: $0) }).first
        else { return nil }
        let most = SQLValue.integer(Int64(WhyGroup.most))
        let count = try rows(.causeSize, state, .text(fingerprint), most) { $0.integer(0) }.first ?? 0
        var group = WhyGroup(
            fingerprint: fingerprint, count: Int(count), alike: try whyAlike(latest), latest: latest)
        let said = try rows(.cause, .text(fingerprint)) { ($0.optionalText(0), $0.optionalText(1)) }.first
        (group.note, group.assignee) = said ?? (nil, nil)
        if tables.hasAlerts { group.told = try whyTold(alert: "dead-letter/\(fingerprint)") }
        return group
    }

    // MARK: - Letters

    /// The open letters whose sentences name it; where none does, and nothing is known of it, those whose bodies do.
    /// - Parameter thing: What is known under that name; its own letters say enough of it already.
    func whyNaming(_ name: String, except thing: WhyThing? = nil) throws -> WhyNaming? {
        guard let name = WhyName(name) else { return nil }
        let causes = try openCauses()
        guard !causes.sizes.isEmpty else { return nil }
        if let naming = try named(name, causes, thing) { return naming }
        // What is known is in many a body that failed for another reason.
        return try thing == nil ? namedInBodies(name, causes) : nil
    }

    /// The causes of open letters, each with how many are looked at.
    private func openCauses() throws -> WhyCauses {
        let open = SQLValue.text(DeadLetterState.open.rawValue)
        var (sizes, last): ([(fingerprint: String, count: Int)], String) = ([], "")
        while sizes.count < Self.mostGroups,
            let next = try rows(.causeAfter, open, .text(last), row: { $0.text(0) }).first
        {
            sizes.append((next, 0))
            last = next
        }
        let share = Self.mostSentences / max(1, sizes.count)
        // One more than are looked at, to see whether any are left out; of many causes no more than it pays for.
        let limit = (sizes.count > 20 ? share : Self.mostSentences) + 1
        for index in sizes.indices {
            let count = try rows(
                .causeSize, open, .text(sizes[index].fingerprint), .integer(Int64(limit)), row: { $0.integer(0) }
            ).first
            sizes[index].count = Int(count ?? 0)
        }
        return WhyCauses(sizes: sizes, isCut: sizes.count == Self.mostGroups)
    }

    private func named(_ name: WhyName, _ causes: WhyCauses, _ thing: WhyThing?) throws -> WhyNaming? {
        var found = WhyNamed()
        let shares = causes.shares(of: Self.mostSentences)
        for (cause, share) in zip(causes.sizes, shares) {
            let hits = try rows(
                .causeNamed, .text(cause.fingerprint), .integer(Int64(share)), .text(name.lowered)
            ) { (id: $0.text(0), sentence: $0.text(1), at: $0.integer(2), subject: $0.optionalText(3)) }
            for hit in hits where !Self.isOwn(hit.subject, thing) && name.isIn(hit.sentence.utf8) {
                found.add(hit.id, hit.at, cause.fingerprint)
            }
        }
        return try naming(found, isInBody: false, causes, shares)
    }

    private func namedInBodies(_ name: WhyName, _ causes: WhyCauses) throws -> WhyNaming? {
        var (found, bytes) = (WhyNamed(), Int64(0))
        var shares = causes.shares(of: Self.mostBodies)
        for (index, cause) in causes.sizes.enumerated() where shares[index] > 0 {
            let letters = try rows(.causeNewest, .text(cause.fingerprint), .integer(Int64(shares[index]))) {
                (id: $0.text(0), payload: $0.text(1), at: $0.integer(2))
            }
            for (place, letter) in letters.enumerated() {
                bytes += try rows(.payload, .text(letter.payload)) { $0.integer(1) }.first ?? 0
                guard bytes <= Self.mostBytes else {
                    shares[index] = place
                    break
                }
                guard let body = try payload(id: letter.payload)?.body else { continue }
                if name.isQuoted(in: body) { found.add(letter.id, letter.at, cause.fingerprint) }
            }
        }
        return try naming(found, isInBody: true, causes, shares)
    }

    private func naming(
        _ found: WhyNamed, isInBody: Bool, _ causes: WhyCauses, _ shares: [Int]
    ) throws -> WhyNaming? {
        guard let id = found.newest?.id,
            let newest = try rows(.letterByID, .text(id), row: { DeadLetterRecord(why: $0) }).first
        else { return nil }
        return WhyNaming(
            count: found.count, newest: newest, fingerprints: found.fingerprints, isInBody: isInBody,
            looked: causes.looked(shares), isAll: causes.isAll(shares))
    }
}

extension LedgerSnapshot {
    /// Whether a letter is of the thing itself, or of its stock or prices.
    private static func isOwn(_ subject: String?, _ thing: WhyThing?) -> Bool {
        guard let subject, let thing else { return false }
        return subject == thing.subject || subject.hasPrefix(SubjectKey.joined(thing.subject, ""))
    }
}

/// The letters that were found to name something.
private struct WhyNamed {
    var count = 0
    var newest: (id: String, at: Int64)?
    var fingerprints: [String] = []

    mutating func add(_ id: String, _ at: Int64, _ fingerprint: String) {
        count += 1
        if at > newest?.at ?? .min { newest = (id, at) }
        if fingerprints.last != fingerprint { fingerprints.append(fingerprint) }
    }
}
