internal import Fleet

/// Whether every order is where it belongs: what was sent, held against the ERP's own books and against what the store shows.
struct RehearsalVerdict: Hashable, Sendable {
    /// Orders of which something is wrong, some of them by number.
    struct Wrong: Hashable, Sendable {
        private(set) var count = 0
        private(set) var some: [String] = []

        mutating func add(_ number: String) {
            count += 1
            if some.count < 5 { some.append(number) }
        }
    }

    /// In the ERP, as they should be.
    private(set) var right = 0
    /// Called off, and not alive in the ERP.
    private(set) var calledOff = 0
    /// Not in the ERP.
    private(set) var lost = Wrong()
    /// Entered more than once.
    private(set) var doubled = Wrong()
    /// In the ERP at an older revision.
    private(set) var stale = Wrong()
    /// Called off, but alive in the ERP.
    private(set) var alive = Wrong()
    /// In the ERP, though nobody sent them.
    private(set) var strange = Wrong()
    /// Shown in the store otherwise than in the ERP, or not answered at all.
    private(set) var wronglyShown = Wrong()
    var deadLetters = 0
    var unrouted = 0
    var spentAttempts = 0
    /// The most often that a waiting message came back, and how often that may be; nil where it could not be looked at.
    var mostReturns: Int?
    var allowedReturns = 0
    /// Stock that the store shows at an older revision, or not at all.
    var staleStock = 0
    /// Nil without questions.
    var quotes: QuoteTally?
    /// False when it did not drain within the time that it should take.
    var isDrained = true

    /// The ERP's word on an order, for the comparison with the store's.
    struct Standing: Hashable, Sendable {
        var revision: Int64
        var state: String
    }

    /// - Parameters:
    ///   - erp: By number, every order in the ERP's books.
    ///   - doubled: Numbers that its audit has as entered twice.
    ///   - shown: By number, what the store shows; nil as revision where it is not answered.
    init(
        book: OrderBook, erp: [String: Standing], doubled: [String], shown: [String: (revision: Int64?, state: String)]
    ) {
        for number in doubled { self.doubled.add(number) }
        for number in erp.keys.sorted() where book.index(of: number) == nil { strange.add(number) }
        for index in 0..<book.count {
            let number = OrderBook.number(index)
            judge(number, Int64(book.revision(index)), book.isCancelled(index), erp[number])
            compare(number, isCancelled: book.isCancelled(index), erp[number], shown[number])
        }
    }

    private mutating func judge(_ number: String, _ revision: Int64, _ isCancelled: Bool, _ standing: Standing?) {
        switch (isCancelled, standing) {
        // What was called off before it was entered need not be there at all.
        case (true, nil): calledOff += 1
        case (true, let standing?) where standing.state == "cancelled": calledOff += 1
        case (true, _): alive.add(number)
        case (false, nil): lost.add(number)
        case (false, let standing?) where standing.revision == revision: right += 1
        case (false, _): stale.add(number)
        }
    }

    private mutating func compare(
        _ number: String, isCancelled: Bool, _ standing: Standing?, _ shown: (revision: Int64?, state: String)?
    ) {
        guard let shown else { return wronglyShown.add(number) }
        if isCancelled {
            if shown.state != "cancelled" { wronglyShown.add(number) }
        } else if let standing, shown.revision != standing.revision || shown.state != standing.state {
            wronglyShown.add(number)
        }
    }

    var isGood: Bool {
        let wrong = [lost, doubled, stale, alive, strange, wronglyShown].reduce(0) { $0 + $1.count }
        let returns = mostReturns.map { $0 <= allowedReturns } ?? true
        return isDrained && wrong == 0 && returns && deadLetters + unrouted + spentAttempts + staleStock == 0
            && quotes?.isGood ?? true
    }

    /// One line of the verdict.
    struct Row: Hashable, Sendable {
        var name: String
        var value: String
        var isGood: Bool
        var detail = ""
    }

    var rows: [Row] {
        var rows = [
            Row(name: "orders at their newest revision", value: Count.grouped(right), isGood: stale.count == 0),
            Row(name: "called off, and not alive", value: Count.grouped(calledOff), isGood: alive.count == 0),
            row("lost", lost), row("doubled", doubled), row("stale", stale), row("alive though called off", alive),
            row("in the ERP, never sent", strange), row("answered wrongly to the store", wronglyShown),
            row("dead letters", deadLetters), row("without a queue", unrouted), row("attempts spent", spentAttempts),
        ]
        if let mostReturns {
            let detail = "at most, of messages that wait; \(allowedReturns) are allowed"
            var vain = row("deliveries in vain", mostReturns)
            (vain.isGood, vain.detail) = (mostReturns <= allowedReturns, detail)
            rows.append(vain)
        }
        if staleStock > 0 { rows.append(row("stock that is not up to date", staleStock)) }
        if let quotes { rows.append(row(quotes)) }
        if !isDrained { rows.append(Row(name: "drained in time", value: "no", isGood: false)) }
        return rows
    }

    private func row(_ name: String, _ wrong: Wrong) -> Row {
        let more = wrong.count > wrong.some.count ? " and \(wrong.count - wrong.some.count) more" : ""
        return Row(
            name: name, value: Count.grouped(wrong.count), isGood: wrong.count == 0,
            detail: wrong.count == 0 ? "" : wrong.some.joined(separator: ", ") + more)
    }

    private func row(_ name: String, _ count: Int) -> Row {
        Row(name: name, value: Count.grouped(count), isGood: count == 0)
    }

    private func row(_ quotes: QuoteTally) -> Row {
        let faults = [
            (quotes.late, "late"), (quotes.missing, "never answered"), (quotes.unreadable, "unreadable"),
            (quotes.unexpected, "answered twice or unasked"),
        ].filter { $0.0 > 0 }.map { "\(Count.grouped($0.0)) \($0.1)" }
        let good = "slowest \(Figure.span(quotes.slowest)); \(Count.grouped(quotes.refusals)) refused a figure"
        return Row(
            name: "questions answered in time",
            value: "\(Count.grouped(quotes.answered - quotes.late)) of \(Count.grouped(quotes.asked))",
            isGood: quotes.isGood, detail: faults.isEmpty ? good : faults.joined(separator: ", "))
    }
}
