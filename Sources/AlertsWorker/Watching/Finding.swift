internal import Models

/// Something that holds now and that a person has to know, as a ``Lookout`` has found it.
struct Finding: Hashable, Sendable {
    /// What it is about; of one lookout all begin alike.
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
    /// The alert that says so, after what was said before.
    func alert(after said: Alert?, revision: Int64) -> Alert {
        let isSame = said?.state == .open
        let began = isSame ? said?.raisedAt : nil
        let since = Timestamp(microseconds: self.since) ?? .now()
        return Alert(
            key: key, revision: revision, kind: kind, severity: severity, code: code, category: category, flow: flow,
            sentence: FreeText.fitting(sentence, in: 2000), remedy: FreeText.fitting(remedy, in: 2000),
            commands: commands, count: count, subjects: Array(subjects.prefix(Alert.mostSubjects)),
            accounts: Array(accounts.prefix(Alert.mostAccounts)), atStake: atStake,
            // A thing that comes again is another episode, though its cause may be as old as the first one.
            raisedAt: began ?? (said == nil ? since : max(since, said?.resolvedAt ?? since)),
            lastAt: Timestamp(microseconds: max(last, self.since)) ?? since, owner: owner)
    }

    /// Whether the alert says the same already.
    func isSaid(by alert: Alert) -> Bool {
        var now = self.alert(after: alert, revision: alert.revision)
        now.lastAt = alert.lastAt
        return now == alert && last <= alert.lastAt.microseconds
    }
}

extension Alert {
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
