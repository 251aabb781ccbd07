package import Models

/// Orders that the store has taken and that wait for the ERP's answer, as the store's tables note them: how many, what
/// they are worth, and which of them came first.
///
/// An order waits while it wants goods that the ERP has not spoken of. One that was called off meanwhile does not
/// count, nor what only takes goods away from an order that is answered: nothing is at stake for them. Nor does one whose
/// newest revision is a dead letter: that waits for a person, whether or not the ERP is there, and is counted apart.
package struct WaitingOrders: Hashable, Sendable {
    /// The order that has waited longest.
    package struct Oldest: Hashable, Sendable {
        package var number: String
        /// When the store took it, in microseconds since 1970.
        package var takenAt: Int64

        package init(number: String, takenAt: Int64) {
            self.number = number
            self.takenAt = takenAt
        }
    }

    package var count = 0
    /// What they are worth together, by currency, the largest sum first.
    package var stakes: [AlertStake] = []
    /// How many of them are in no sum: their total cannot be read, or the sum is too large to be written.
    package var uncounted = 0
    /// Nil when none waits, or nobody noted when they were taken.
    package var oldest: Oldest?
    /// Orders that wait for a person, because they are dead letters: in none of the numbers above.
    package var deadLetters = 0
    /// What those are worth, as far as it is known.
    package var deadLetterStakes: [AlertStake] = []

    package init(count: Int = 0, stakes: [AlertStake] = [], uncounted: Int = 0, oldest: Oldest? = nil) {
        (self.count, self.stakes, self.uncounted, self.oldest) = (count, stakes, uncounted, oldest)
    }

    /// Orders of one currency and one number of decimals: their sums are exact.
    struct Part: Sendable {
        var currency: String?
        var scale: Int
        var count: Int
        /// Billions of the sum's smallest unit, and the rest; nil when no total was noted.
        var sum: (billions: Int64, rest: Int64)?
        var oldest: Oldest?
        /// Whether they are dead letters.
        var isDeadLetter = false

        /// Nil when it cannot be written.
        var stake: AlertStake? {
            guard let sum, let currency = currency.flatMap({ Currency($0) }) else { return nil }
            let units = Int128(sum.billions) * 1_000_000_000 + Int128(sum.rest)
            guard let amount = Int64(exactly: units).flatMap({ ExactDecimal(units: $0, scale: scale) }) else {
                return nil
            }
            return AlertStake(amount: amount, currency: currency)
        }
    }

    init(_ parts: [Part]) {
        let (waiting, letters) = (parts.filter { !$0.isDeadLetter }, parts.filter(\.isDeadLetter))
        count = waiting.reduce(0) { $0 + $1.count }
        (stakes, uncounted) = Self.added(waiting)
        oldest = waiting.compactMap(\.oldest).min { ($0.takenAt, $0.number) < ($1.takenAt, $1.number) }
        deadLetters = letters.reduce(0) { $0 + $1.count }
        deadLetterStakes = Self.added(letters).stakes
    }

    private static func added(_ parts: [Part]) -> (stakes: [AlertStake], uncounted: Int) {
        var (sums, uncounted): ([Currency: ExactDecimal], Int) = ([:], 0)
        for part in parts {
            guard let stake = part.stake, let sum = (sums[stake.currency] ?? .zero).adding(stake.amount) else {
                uncounted += part.count
                continue
            }
            sums[stake.currency] = sum
        }
        let stakes = sums.map { AlertStake(amount: $0.value, currency: $0.key) }
        return (stakes.sorted { ($1.amount, $0.currency.code) < ($0.amount, $1.currency.code) }, uncounted)
    }
}
