internal import Fleet

extension RehearsalPlan {
    /// What can be said without playing anything, by name.
    var arithmetic: [(name: String, value: String)] {
        let count = "\(Count.text(orders, "order")) in \(Count.text(messages, "message"))"
        let body = Figure.bytes(Double(messages) * Self.bytesOfMessage)
        return [
            ("outage", "\(Figure.span(outage)), \(Figure.decimal(ordersPerHour)) orders an hour"),
            ("backlog", "\(count), about \(body) of bodies"),
            ("arrivals", "\(Figure.decimal(projection.arrivalsPerSecond)) calls/s go on while it drains"),
            ("the ERP", erp.reason),
            ("time to drain", projection.formula),
        ]
    }

    /// What `--dry-run` prints.
    var arithmeticText: String {
        let width = arithmetic.map(\.name.count).max() ?? 0
        let lines = arithmetic.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + value + "\n"
        }
        return lines.joined() + "\n" + conclusion + "\n"
    }

    /// The sentence that a person wants to take away.
    var conclusion: String {
        let rate = "With your ERP at \(Figure.decimal(erp.rate)) calls/s"
        guard let seconds = projection.seconds else {
            let needed = Figure.decimal(projection.arrivalsPerSecond)
            return "\(rate), \(Figure.span(outage)) never drains: \(needed) calls/s arrive. The backlog grows for ever."
        }
        return "\(rate), \(Figure.span(outage)) takes \(Figure.span(seconds)) to drain."
    }

    /// What an order's body takes, roughly; the rehearsal measures it.
    static let bytesOfMessage = 1_200.0

    /// What a run needs on the disk, roughly and rather too much: broker, ledger and the ERP's books keep every message.
    var neededBytes: Double {
        300e6 + Double(messages) * 16_000 + outage / 3_600 * (stockPerHour * 4_000 + quotesPerHour * 4_000)
    }
}
