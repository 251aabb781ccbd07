internal import Fleet
internal import Ledger
internal import Models

// What is at stake while something is away, and where to look for more.
extension OutagePost {
    /// The same with the orders that wait for the ERP and what they are worth, and with the command that shows the outage.
    ///
    /// What waits grows with every order, and that is no news. So it is said as of a moment that moves ever more rarely,
    /// and the command says what it is by now.
    func staked(_ finding: Finding, _ place: String, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> Finding {
        var finding = finding
        if let outage = try standing(place, snapshot) {
            finding.commands.insert("stevedore outages show \(outage.number)", at: 0)
        }
        let moment = moment(finding.since, now)
        guard place == FlowBacklog.erp, let orders = try snapshot.waitingOrders(takenBy: moment), orders.count > 0
        else { return finding }
        finding.atStake = orders.stakes
        let sums = orders.stakes.map(MailText.money).joined(separator: ", ")
        finding.sentence +=
            " \(Count.text(orders.count, "order")) taken until \(OutageReport.time(moment)) "
            + "\(orders.count == 1 ? "waits" : "wait") for it\(sums.isEmpty ? "" : ", worth \(sums)")."
        return finding
    }

    /// The outage that people are told of; of several of one place that which began first.
    private func standing(_ place: String, _ snapshot: LedgerSnapshot) throws -> Outage? {
        try snapshot.outages(limit: 20).filter { $0.endedAt == nil && OutagePlace.of($0.destination) == place }
            .min { ($0.beganAt, $0.number) < ($1.beganAt, $1.number) }
    }

    /// Until when orders count, in microseconds since 1970: after the time in which something may be away without an alert,
    /// after twice that, four times that, and so on.
    private func moment(_ since: Int64, _ now: Int64) -> Int64 {
        let (age, isAbsurd) = now.subtractingReportingOverflow(since)
        var step = max(Int64(patience / .microseconds(1)), 1_000_000)
        guard !isAbsurd, age >= step else { return since }
        while step <= age / 2 { step *= 2 }
        return since + step
    }
}
