/// The `Date` header (RFC 5322, 3.3), always in UTC.
enum MailDate {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// 1900-01-01 to 9999-12-31: the years that the header can say.
    private static let range: ClosedRange<Int64> = -2_208_988_800...253_402_300_799

    static func text(secondsSince1970: Int64) -> String {
        let seconds = Int(min(max(secondsSince1970, range.lowerBound), range.upperBound))
        let time = (seconds % 86_400 + 86_400) % 86_400
        let days = (seconds - time) / 86_400
        let (year, month, day) = date(daysSince1970: days)
        let clock = [time / 3_600, time / 60 % 60, time % 60].map(twoDigits).joined(separator: ":")
        // 1970 began on a Thursday.
        return "\(weekdays[((days + 4) % 7 + 7) % 7]), \(twoDigits(day)) \(months[month - 1]) \(year) \(clock) +0000"
    }

    /// Years that begin in March put the leap day at the end, and 400 of them are an era of 146,097 days.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let ofEra = shifted % 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * ofYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, ofYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
