import Models

/// A day that the company's dates are counted from.
struct BusinessDay: Hashable, Sendable {
    private static let microseconds: Int64 = 86_400_000_000

    /// Days since 1970-01-01.
    let number: Int64

    init(number: Int64) {
        self.number = number
    }

    init(_ moment: Timestamp) {
        number = moment.microseconds / Self.microseconds
    }

    /// Nil before 1970.
    init?(_ date: CalendarDate) {
        guard let start = Timestamp(rfc3339: "\(date)T00:00:00Z"), start >= .epoch else { return nil }
        self.init(start)
    }

    /// Its first moment.
    var start: Timestamp { Timestamp(microseconds: number * Self.microseconds) ?? .epoch }

    /// `YYYY-MM-DD`.
    var text: String { String(start.description.prefix(10)) }

    var year: Int { CalendarDate(text)?.year ?? 1970 }
    /// 1 to 4.
    var quarter: Int { ((CalendarDate(text)?.month ?? 1) - 1) / 3 + 1 }

    /// At most some centuries away.
    func adding(_ days: Int64) -> BusinessDay { BusinessDay(number: number + min(max(days, -100_000), 100_000)) }
}

/// Three months of prices.
struct Quarter: Hashable, Sendable {
    let year: Int
    /// 1 to 4.
    let number: Int

    init(_ day: BusinessDay) {
        (year, number) = (day.year, day.quarter)
    }

    private init(year: Int, number: Int) {
        (self.year, self.number) = (year, number)
    }

    var next: Quarter { number == 4 ? Quarter(year: year + 1, number: 1) : Quarter(year: year, number: number + 1) }
    /// `2026-Q1`.
    var name: String { "\(year)-Q\(number)" }
    var firstDay: String { "\(year)-\(["01", "04", "07", "10"][number - 1])-01" }
    var lastDay: String { "\(year)-\(["03-31", "06-30", "09-30", "12-31"][number - 1])" }
}
