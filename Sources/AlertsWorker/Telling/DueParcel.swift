internal import Fleet
internal import Ledger

/// The notices that go out together: to one recipient, and of one message when they have been tried.
struct DueParcel: Hashable, Sendable {
    var channel: AlertNotice.Channel
    var recipient: String
    /// The id under which they have been tried; nil when they never were.
    var message: String?
    /// Their rows, the longest due first.
    var numbers: [Int64]

    /// How many notices make one mail at most; more make another one.
    static let mostNotices = 2_000
}

extension LedgerSnapshot {
    /// What is due on a channel, the longest due first. A mail takes all that is due for its recipient, however their
    /// address is capitalised; a post takes one. Found in a snapshot, so that the write which follows reads these rows
    /// and no others.
    func dueParcels(on channel: AlertNotice.Channel, at now: Int64, limit: Int) throws -> [DueParcel] {
        let due = try dueRows(on: channel, at: now)
        var (parcels, places) = ([DueParcel](), [DueRow.Bundle: Int]())
        for row in due {
            if let place = places[row.bundle(on: channel)] {
                if parcels[place].numbers.count < DueParcel.mostNotices { parcels[place].numbers.append(row.number) }
            } else if parcels.count < limit {
                places[row.bundle(on: channel)] = parcels.count
                parcels.append(
                    DueParcel(
                        channel: channel, recipient: row.recipient, message: row.message, numbers: [row.number]))
            }
        }
        return parcels.contains { $0.message != nil } ? try completed(parcels, places, after: now) : parcels
    }

    /// Adds what is of the same messages and due later: those of one message stay together.
    private func completed(
        _ parcels: [DueParcel], _ places: [DueRow.Bundle: Int], after now: Int64
    ) throws -> [DueParcel] {
        var parcels = parcels
        guard let channel = parcels.first?.channel else { return parcels }
        for row in try triedRows(on: channel, after: now) {
            guard let place = places[row.bundle(on: channel)] else { continue }
            parcels[place].numbers.append(row.number)
        }
        return parcels
    }

    /// At most as many as there is a use for in one round.
    private func dueRows(on channel: AlertNotice.Channel, at now: Int64) throws -> [DueRow] {
        try query(
            """
            SELECT number, recipient, message FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND due_at <= ? AND channel = ?
                AND occasion IN ('raised', 'again', 'escalated', 'resolved')
            ORDER BY due_at, number LIMIT ?
            """, .integer(now), .text(channel.rawValue), .integer(Int64(10 * DueParcel.mostNotices))
        ) { DueRow(number: $0.integer(0), recipient: $0.text(1), message: $0.optionalText(2)) }
    }

    private func triedRows(on channel: AlertNotice.Channel, after now: Int64) throws -> [DueRow] {
        try query(
            """
            SELECT number, recipient, message FROM alert_notice INDEXED BY alert_notice_due
            WHERE state = 'due' AND due_at > ? AND message IS NOT NULL AND channel = ?
                AND occasion IN ('raised', 'again', 'escalated', 'resolved')
            ORDER BY due_at, number
            """, .integer(now), .text(channel.rawValue)
        ) { DueRow(number: $0.integer(0), recipient: $0.text(1), message: $0.optionalText(2)) }
    }

    /// The notices of a parcel that are still as they were when it was found.
    func notices(of parcel: DueParcel) throws -> [AlertNotice] {
        try parcel.numbers.flatMap { number in
            try query(
                """
                SELECT number, alert, episode, rule, occasion, due_at, attempts, reason, recipient, copies
                FROM alert_notice WHERE number = ? AND state = 'due' AND channel = ? AND message IS ?
                """, .integer(number), .text(parcel.channel.rawValue), .text(orNull: parcel.message)
            ) { AlertNotice($0, of: parcel) }.compactMap(\.self)
        }
    }

    /// Whether there is an alert of that key, readable or not.
    func hasAlert(_ key: String) throws -> Bool {
        try first("SELECT 1 FROM alert WHERE key = ?", .text(key)) { $0.integer(0) } != nil
    }
}

/// A row that is due, as far as it says with which others it goes out.
private struct DueRow: Sendable {
    var number: Int64
    var recipient: String
    var message: String?

    /// What rows of one letter have in common.
    struct Bundle: Hashable, Sendable {
        var recipient: String
        var message: String?
        var number: Int64?
    }

    func bundle(on channel: AlertNotice.Channel) -> Bundle {
        switch channel {
        case .mail: Bundle(recipient: recipient.lowercased(), message: message)
        case .webhook: Bundle(recipient: recipient, message: message, number: message == nil ? number : nil)
        }
    }
}

extension AlertNotice {
    /// Nil for words of a newer version.
    fileprivate init?(_ row: borrowing SQLRow, of parcel: DueParcel) {
        guard let occasion = Occasion(rawValue: row.text(4)) else { return nil }
        self.init(
            number: row.integer(0), alert: row.text(1), episode: row.integer(2), rule: row.text(3),
            occasion: occasion, channel: parcel.channel, recipient: row.text(8), dueAt: row.integer(5),
            attempts: row.integer(6), copies: row.integer(9),
            message: parcel.message, reason: row.optionalText(7))
    }
}
