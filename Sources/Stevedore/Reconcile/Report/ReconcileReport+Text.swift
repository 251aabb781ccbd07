internal import Fleet
internal import Models
internal import Storefront

extension ReconcileReport {
    /// For people at a terminal.
    func text(width: Int?) -> String {
        var lines = ["The store and the ERP, compared at \(startedAt) in \(Age.text(microseconds: took))."]
        lines += notes.map { InertText.line($0) }
        var table = TextTable(
            [.text("KIND")] + Outcome.allCases.map { .number($0.title.uppercased()) } + [.text("")])
        for part in parts { table.add(part.row) }
        var text = lines.map { $0 + "\n" }.joined() + "\n" + table.text(width: width)
        for part in parts where !part.samples.isEmpty { text += "\n" + part.text }
        return text + "\n" + conclusion.map { InertText.line($0) + "\n" }.joined()
    }

    private var took: Int64 { endedAt.microseconds - startedAt.microseconds }

    /// What was compared, and what was not.
    var notes: [String] {
        var notes = ["ERP \(erp), ledger \(ledger)."]
        if isTold {
            notes.append(
                "The store is only posted to: compared is what it was told, by revisions. What it made of it, it alone "
                    + "knows."
            )
        } else if hasPosts {
            notes.append("Compared are the store's tables; what a store that is posted to made of it, it alone knows.")
        }
        return notes
    }

    /// What comes of it, and what to do.
    var conclusion: [String] {
        var lines: [String] = []
        if isStopped, !isWhole { lines.append("Stopped before the end: what was not compared may have drifted.") }
        if drifted > 0 {
            lines.append("\(Count.text(drifted, "object has", "objects have")) drifted.")
        } else if !isStopped {
            lines.append("No drift was found.")
        }
        if isRemembered, drifted > 0 {
            lines.append("\(Count.grouped(news)) of them new since the last run that was to remember.")
        }
        if let repair { lines.append(repair.sentence) } else if drifted > 0 { lines.append(remedy) }
        let unreadable = parts.reduce(0) { $0 + $1.unreadable }
        if unreadable > 0 {
            lines.append("\(Count.text(unreadable, "row")) of the ERP cannot be told: see `erp-feed gaps`.")
        }
        return lines
    }

    /// What a person can do about the drift.
    var remedy: String {
        guard repair == nil else { return "Run it again when the workers have taken the repairs." }
        guard repairable > 0 else { return "No message can repair it: see what is said of each object." }
        let count = Count.text(repairable, "message")
        return "To repair it \(count) would be sent: add --repair --reason \"why\"."
    }
}

extension ReconcileReport.Repair {
    /// What has become of them.
    var sentence: String {
        guard planned > 0 else {
            return isNarrowed
                ? "Nothing was sent: what was named has not drifted, or no message can repair it."
                : "No message can repair any of it."
        }
        let needless = needless > 0 ? ", \(Count.grouped(needless)) needed none any more" : ""
        return "\(Count.grouped(sent)) of \(Count.text(planned, "repair")) sent\(needless)\(changedText). "
            + "Running workers carry them out; run it again to see."
    }

    private var changedText: String {
        guard changed > 0 else { return "" }
        let names = changedSubjects.joined(separator: ", ") + (changed > changedSubjects.count ? ", …" : "")
        return ", \(Count.grouped(changed)) changed meanwhile and not touched (\(names))"
    }
}

extension ReconcileReport.Part {
    fileprivate var row: [String] {
        [stream.description] + Outcome.allCases.map { counts[$0].map(Count.grouped) ?? (isComplete ? "0" : "") }
            + [isComplete ? "" : "not compared to its end"]
    }

    fileprivate var text: String {
        let drifts = samples.filter(\.isDrift).count
        var text = InertText.line("\(stream), the first \(Count.text(samples.count, "object")):") + "\n"
        for sample in samples { text += sample.lines.map { InertText.line($0) + "\n" }.joined() }
        return drifts < drifted ? text + "  … and \(Count.grouped(drifted - drifts)) more that drifted\n" : text
    }
}

extension Finding {
    fileprivate var lines: [String] {
        let news = isNew == true ? " (new)" : ""
        let why = excuseText ?? step.map { $0.isPossible ? "would be \($0.words)" : $0.words } ?? ""
        return ["  \(subject): \(outcome.title)\(news)\(why.isEmpty ? "" : ": \(why)")"]
            + differences.prefix(5).map { "      \($0.sentence)" }
            + (differences.count > 5 ? ["      and \(differences.count - 5) more columns"] : [])
    }
}
