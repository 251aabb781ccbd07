package import Models

/// How little room the ledger's disk may have before people are told: a share of the disk, an amount, or the lesser of
/// both. A share alone would be hundreds of gigabytes on a large disk, an amount alone all that a small one has.
package struct DiskLimits: Hashable, Sendable {
    /// In percent of the disk; nil where only the amount counts.
    package var percent: Int? = 10
    /// Nil where only the share counts.
    package var bytes: Int64? = 5_000_000_000

    /// What holds without a setting.
    package init() {}

    /// Reads `10%`, `5GB`, or both; nil for anything else, and for two of a sort.
    init?(_ words: [String]) {
        (percent, bytes) = (nil, nil)
        for word in words {
            if percent == nil, let share = Self.number(word, before: "%"), share <= 90 {
                percent = share
            } else if bytes == nil, let amount = Self.amount(word) {
                bytes = amount
            } else {
                return nil
            }
        }
        if words.isEmpty { return nil }
    }

    /// With less than this people are warned; zero for never.
    package func warning(of size: Int64) -> Int64 {
        [percent.map { size / 100 * Int64($0) }, bytes].compactMap(\.self).min() ?? 0
    }

    /// How bad it is that so much is free; nil when that is enough. What was told becomes less only with a quarter more
    /// than the limit, so that nothing is told over and over of a disk around it.
    package func severity(free: Int64, of size: Int64, after said: Alert.Severity?) -> Alert.Severity? {
        let warning = warning(of: size)
        let critical = warning / Self.step
        if free < (said == .critical ? critical + critical / 4 : critical) { return .critical }
        return free < (said == nil ? warning : warning + warning / 4) ? .warning : nil
    }

    /// It is critical with the fifth part.
    private static let step: Int64 = 5

    private static let units: [(String, Int64)] = [
        ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
    ]

    private static func amount(_ word: String) -> Int64? {
        units.lazy.compactMap { unit, factor in number(word, before: unit).map { Int64($0) * factor } }.first
    }

    private static func number(_ word: String, before unit: String) -> Int? {
        guard word.hasSuffix(unit) else { return nil }
        let digits = word.dropLast(unit.count)
        guard (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(digits)
    }
}

extension ConfigurationReader {
    mutating func diskLimits() -> DiskLimits {
        // A default is one text.
        let words = list(.alertDiskFree).flatMap {
            $0.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init)
        }
        guard !words.isEmpty else { return DiskLimits() }
        guard let limits = DiskLimits(words) else {
            faultWrong(
                .alertDiskFree, words.joined(separator: ", "),
                allowed: "a share from 0% to 90%, an amount such as 500MB, 5GB or 1TB, or one of each; 0% for never")
            return DiskLimits()
        }
        return limits
    }
}
