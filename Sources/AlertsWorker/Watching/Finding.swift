internal import Fleet
internal import Models

/// Something that holds now and that a person has to know, as a ``Watchpost`` has found it.
struct Finding: Hashable, Sendable {
    /// What it is about, by ``name(_:_:)``; of one post all begin alike.
    var key: String
    var kind: Alert.Kind
    var severity: Alert.Severity
    var code: String
    var category: String?
    var flow: String?
    var sentence: String
    var remedy: String
    var commands: [String] = []
    var count: Int64 = 1
    var subjects: [String] = []
    var accounts: [String] = []
    var atStake: [AlertStake] = []
    /// In microseconds since 1970.
    var since: Int64
    /// When it happened last, in microseconds since 1970.
    var last: Int64
    var owner: String?
}

extension Finding {
    /// The key of what has this name. A name that no key may hold, because it is too long or would steer a screen, is
    /// replaced by its hash, so that two of them stay two.
    static func name(_ prefix: String, _ name: String) -> String {
        let whole = prefix + name
        return key(whole, in: 127) == whole ? whole : prefix + StableHash.fnv1a(name.utf8)
    }

    /// The alert that says so, after what was said before. It keeps its contract whatever a message or a person has
    /// brought into the finding: an alert that nobody can read tells nobody of the cause.
    func alert(after said: Alert?, revision: Int64) -> Alert {
        let isSame = said?.state == .open
        let began = isSame ? said?.raisedAt : nil
        let since = Timestamp(microseconds: self.since) ?? .now()
        let alert = Alert(
            key: key, revision: revision, kind: kind, severity: severity, code: Self.key(code, in: 64) ?? "unknown",
            category: category.flatMap { Self.key($0, in: 64) }, flow: flow.flatMap { Self.key($0, in: 64) },
            sentence: FreeText.fitting(sentence, in: 2000), remedy: FreeText.fitting(remedy, in: 2000),
            // A command that was cut would do something else.
            commands: Array(commands.filter { (1...500).contains($0.unicodeScalars.count) }.prefix(10)), count: count,
            subjects: Array(subjects.compactMap { Self.key($0, in: 400) }.prefix(Alert.mostSubjects)),
            accounts: Array(accounts.compactMap { Self.key($0, in: 64) }.prefix(Alert.mostAccounts)),
            atStake: Array(atStake.prefix(20)),
            // A thing that comes again is another episode, though its cause may be as old as the first one.
            raisedAt: began ?? (said == nil ? since : max(since, said?.resolvedAt ?? since)),
            lastAt: Timestamp(microseconds: max(last, self.since)) ?? since, owner: owner.flatMap(Self.person))
        return alert.sound
    }

    /// Whether the alert says the same already.
    func isSaid(by alert: Alert) -> Bool {
        var now = self.alert(after: alert, revision: alert.revision)
        now.lastAt = alert.lastAt
        return now == alert && last <= alert.lastAt.microseconds
    }

    /// A person's name as an alert takes it; nil when nothing is left of it.
    static func person(_ name: String) -> String? {
        let name = FreeText.fitting(name, in: 120)
        return name.isEmpty ? nil : name
    }

    /// What an alert takes of a text as a key: no control characters, no blanks at its ends; nil when nothing is left.
    private static func key(_ text: String, in length: Int) -> String? {
        let visible = text.unicodeScalars.filter { !FreeText.isControl($0) }
        var kept = Array(visible.drop { $0.properties.isWhitespace }.prefix(length))
        while kept.last?.properties.isWhitespace == true { kept.removeLast() }
        return kept.isEmpty ? nil : String(String.UnicodeScalarView(kept))
    }
}

extension Alert {
    /// Without what its contract would refuse it for.
    fileprivate var sound: Alert {
        guard !contractFaults.isEmpty else { return self }
        var alert = mended()
        // Of what is left to be at fault, only a sum that has become too large is known.
        if !alert.contractFaults.isEmpty { alert.atStake = [] }
        return alert
    }

    /// The same, and somebody looks after it.
    func attended(by person: String) -> Alert {
        var alert = self
        alert.owner = Finding.person(person)
        return alert
    }

    /// The same, at its end.
    func resolved(_ sentence: String, at now: Timestamp, revision: Int64) -> Alert {
        var alert = self
        alert.state = .resolved
        alert.revision = revision
        alert.sentence = FreeText.fitting(sentence, in: 2000)
        alert.remedy = "Nothing is left to do."
        alert.commands = []
        alert.resolvedAt = max(now, alert.raisedAt)
        return alert
    }
}
