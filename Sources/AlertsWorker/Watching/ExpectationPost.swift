internal import Fleet
internal import Ledger
internal import Models

/// What had to happen by now and did not: one alert for each declaration, however many objects are late.
struct ExpectationPost: Watchpost {
    let prefix = "expectation/"
    let declared: [Expectation]

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        let missed = try snapshot.missedExpectations()
        return try missed.compactMap { missed in
            guard let expectation = declared.first(where: { $0.name == missed.name }) else { return nil }
            let orders = try StoreOrders(missed, expectation, snapshot)
            let isPart = missed.count > StoreOrders.most && !orders.stakes.isEmpty
            return Finding(
                key: Finding.name(prefix, missed.name), kind: .expectation, severity: expectation.severity,
                code: Expectation.missedCode, flow: expectation.flow,
                sentence: expectation.sentence(of: missed)
                    + (isPart ? " At stake is at least what could be added up." : ""),
                remedy: expectation.remedy, commands: expectation.commands(for: missed), count: missed.count,
                subjects: missed.subjects, accounts: orders.accounts, atStake: orders.stakes,
                since: missed.oldestSince, last: missed.latest)
        }
    }

    /// What is not missing any more has happened, or was called off; that is told of each object where it is kept.
    func ending(of alert: Alert, now: Int64) -> String {
        let name = String(alert.key.dropFirst(prefix.count))
        return declared.contains { $0.name == name }
            ? "Nothing of what was expected (\(name)) is missing any more."
            : "This is not expected any more: the settings name no expectation \(name)."
    }
}
