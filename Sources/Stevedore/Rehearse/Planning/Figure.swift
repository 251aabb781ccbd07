internal import Fleet

/// Numbers as a report says them.
enum Figure {
    /// With so many decimals at most, and none that are zero: `2.78`, `640`, `12,000`.
    static func decimal(_ value: Double, _ decimals: Int = 2) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "∞" }
        let factor = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let scaled = Int((value.magnitude * factor).rounded())
        let (whole, part) = scaled.quotientAndRemainder(dividingBy: Int(factor))
        var digits = String(part)
        digits = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
        while digits.last == "0" { digits.removeLast() }
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + Count.grouped(whole) + (part == 0 ? "" : "." + digits)
    }

    /// The two largest units: `4 h 48 min`, `1 min 12 s`, `38 s`, `1.5 s`, `50 ms`.
    static func span(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e12 else { return "never" }
        if seconds > 0, seconds < 0.95 { return decimal(seconds * 1_000, 1) + " ms" }
        if seconds < 9.95 { return decimal(max(0, seconds), 1) + " s" }
        let whole = Int(seconds.rounded())
        // People say 24 h, and 36 h, but not 240 h.
        let days = whole < 3 * 86_400 ? 0 : whole / 86_400
        let parts = [
            ("d", days), ("h", whole / 3_600 - days * 24), ("min", whole / 60 % 60), ("s", whole % 60),
        ]
        return parts.drop { $0.1 == 0 }.prefix(2).filter { $0.1 != 0 }.map { "\($0.1) \($0.0)" }.joined(separator: " ")
    }

    /// `31:02:10`, hours first: the virtual clock.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e12)))
        let parts = [whole / 3_600, whole / 60 % 60, whole % 60]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// `58.3 MB`, in powers of a thousand.
    static func bytes(_ count: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var (value, unit) = (max(0, count), 0)
        while value >= 1_000, unit < units.count - 1 { (value, unit) = (value / 1_000, unit + 1) }
        return decimal(value, unit == 0 ? 0 : 1) + " " + units[unit]
    }
}
