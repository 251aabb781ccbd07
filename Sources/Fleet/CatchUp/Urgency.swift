public import Models

/// How much sooner than others a message is called for when many wait: by its rank first, then by the day by which its
/// sender wants it.
public struct Urgency: Hashable, Sendable {
    /// The higher, the sooner; 0 of what waits for its turn.
    public var rank: Int
    /// The day by which it is wanted, any time of it, in UTC; nil when its sender names none.
    public var due: Timestamp?

    /// Creates an urgency.
    public init(rank: Int = 0, due: Timestamp? = nil) { (self.rank, self.due) = (rank, due) }

    /// Of what comes in its turn.
    public static let none = Urgency()

    /// So many days ahead the day counts by which a message is wanted.
    static let days: Int64 = 3

    /// A number of which the higher goes first, at that time in microseconds since 1970. No day goes before a higher rank;
    /// what is late or due today goes before what is due tomorrow, and nothing that is due in more than three days goes
    /// before what names no day at all.
    func value(at now: Int64) -> Int { rank * (Int(Self.days) + 2) + haste(at: now) }

    /// Whether it may go before others.
    func isPressing(at now: Int64) -> Bool { value(at: now) > 0 }

    /// The end of the wait that it bears, in microseconds since 1970: the day by which it is wanted, if that counts, else
    /// the first one that would not. So what names no day is due as well once it has waited for days.
    func dueAt(at now: Int64) -> Int64 {
        let last = Self.day(now) + Self.days + 1
        return min(due.map { Self.day($0.microseconds) } ?? last, last) * Self.microsecondsOfDay
    }

    /// 0 for no haste, else the more, the sooner it is wanted.
    private func haste(at now: Int64) -> Int {
        guard let due else { return 0 }
        let ahead = max(Self.day(due.microseconds) - Self.day(now), 0)
        return ahead > Self.days ? 0 : Int(Self.days + 1 - ahead)
    }

    private static let microsecondsOfDay: Int64 = 86_400_000_000

    private static func day(_ time: Int64) -> Int64 {
        let (days, rest) = time.quotientAndRemainder(dividingBy: microsecondsOfDay)
        return rest < 0 ? days - 1 : days
    }
}
