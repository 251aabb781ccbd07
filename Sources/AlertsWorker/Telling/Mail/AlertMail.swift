internal import Fleet
internal import Models

/// A letter as a mail: its subject, and its body as plain text and as HTML.
struct AlertMail: Sendable {
    /// How many alerts one mail tells in full; the others are counted.
    static let mostInFull = 50
    /// Columns of a subject: what most lists of mails show.
    static let subjectWidth = 100
    static let prefix = "[Stevedore] "

    let items: [AlertLetter.Item]
    let entries: [AlertEntry]

    init(_ letter: AlertLetter, time: LocalTime = .machine, now: Timestamp = .now()) {
        items = letter.items
        entries = items.prefix(Self.mostInFull).map { AlertEntry($0, time: time, now: now) }
    }

    /// What a person sees in the list: how bad, what, and the code; with several alerts how many, and what presses
    /// most.
    var subject: String {
        guard let first = items.first else { return Self.prefix + "No alerts" }
        let alert = first.record.alert
        let sentence = Self.particular(alert)
        guard items.count == 1 else {
            let start = Self.prefix + common + Count.text(items.count, "alert") + ": "
            return InertText.cut(start + (common.isEmpty ? Self.word(first) : "") + sentence, to: Self.subjectWidth)
        }
        // The code says the most in the fewest letters: it is the sentence that is cut.
        let start = Self.prefix + Self.word(first)
        let end = " (\(InertText.cut(MailText.inert(alert.code), to: 40))\(Self.extent(alert)))"
        let room = Self.subjectWidth - InertText.columns(start) - InertText.columns(end)
        return start + InertText.cut(sentence, to: room) + end
    }

    /// What tells this alert from others of its sort, first: a list of mails shows the beginning alone. What every
    /// alert of a sort says stands in the mail.
    private static func particular(_ alert: Alert) -> String {
        var sentence = alert.sentence
        if alert.kind == .deadLetter {
            let ranges = DeadLetterPost.standing.compactMap { sentence.firstRange(of: $0) }
            if let range = ranges.first { sentence.replaceSubrange(range, with: ":") }
        }
        return objects(alert, besides: sentence) + MailText.withoutStop(MailText.inert(sentence))
    }

    /// The numbers of what is concerned, where these are few and the sentence names none of them.
    private static func objects(_ alert: Alert, besides sentence: String) -> String {
        let subjects = alert.subjects
        guard alert.state == .open, (1...3).contains(subjects.count), Int64(subjects.count) == alert.count,
            !subjects.contains(where: { sentence.contains($0) })
        else { return "" }
        let list = subjects.map(MailText.inert).joined(separator: ", ") + ": "
        return InertText.columns(list) <= 32 ? list : ""
    }

    /// What holds for all of several alerts.
    private var common: String {
        let occasions = Set(items.map(\.occasion))
        guard occasions.count == 1, let occasion = occasions.first else { return "" }
        return Self.word(occasion)
    }

    private static func word(_ item: AlertLetter.Item) -> String {
        let word = word(item.occasion)
        return word.isEmpty ? "\(item.record.alert.severity.rawValue.uppercased()): " : word
    }

    private static func word(_ occasion: AlertNotice.Occasion) -> String {
        switch occasion {
        case .raised, .again: ""
        case .escalated: "Nobody has acted: "
        case .resolved: "Resolved: "
        }
    }

    /// How many are concerned, where the sentence does not say so itself.
    private static func extent(_ alert: Alert) -> String {
        guard alert.count > 1, alert.state == .open else { return "" }
        let (plain, grouped) = (String(alert.count), Count.grouped(Int(alert.count)))
        let isSaid = alert.sentence.contains(plain) || alert.sentence.contains(grouped)
        return isSaid ? "" : ", \(alert.extent)"
    }

    /// When it was written, in seconds since 1970: before its first try, and so at every try the same.
    func date(of letter: AlertLetter) -> Int64 {
        (AlertMessageID.time(of: letter.message) ?? Timestamp.now().microseconds) / 1_000_000
    }

    /// The worst that is open, for those who sort mail by rules; `resolved` when nothing is.
    var severity: String {
        let open = items.map(\.record.alert).filter { $0.state == .open }
        return open.map(\.severity).max()?.rawValue ?? "resolved"
    }

    /// How many alerts there are, when there is more than one.
    var opening: String? {
        guard items.count > 1 else { return nil }
        let open = items.count { $0.record.alert.state == .open }
        let ended = items.count - open
        let parts = [(open, "open"), (ended, "resolved")].filter { $0.0 > 0 }.map { "\(Count.grouped($0.0)) \($0.1)" }
        return "\(Count.text(items.count, "alert")): \(parts.joined(separator: ", ")). What presses most comes first."
    }

    /// What is not told in full.
    var rest: String? {
        let others = items.dropFirst(Self.mostInFull)
        guard !others.isEmpty else { return nil }
        let words = others.map { $0.record.alert.state == .open ? $0.record.alert.severity.rawValue : "resolved" }
        let counts = Dictionary(grouping: words, by: \.self).mapValues(\.count)
        let order = Alert.Severity.allCases.reversed().map(\.rawValue) + ["resolved"]
        let parts = order.compactMap { word in counts[word].map { "\(Count.grouped($0)) \(word)" } }
        return "And \(Count.text(others.count, "more alert")): \(parts.joined(separator: ", "))."
    }

    /// Lists what is open now.
    static let listing = "stevedore alerts list"
    /// The last line.
    static let closing = "Stevedore, which carries data between your store and your ERP, sent this mail by itself."
}
