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
            return Finding(
                key: prefix + missed.name, kind: .expectation, severity: expectation.severity,
                code: Expectation.missedCode, flow: expectation.flow, sentence: expectation.sentence(of: missed),
                remedy: expectation.remedy, commands: expectation.commands(for: missed), count: missed.count,
                subjects: missed.subjects, accounts: orders.accounts, atStake: orders.stakes,
                since: missed.oldestSince, last: missed.latest)
        }
    }

    func ending(of alert: Alert, now: Int64) -> String {
        "What was expected (\(alert.key.dropFirst(prefix.count))) has happened, late; nothing of it is missing now."
    }
}
