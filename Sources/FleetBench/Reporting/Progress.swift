#if canImport(Glibc)
    internal import Glibc
#endif

/// Tells on standard error what goes on.
enum Progress {
    static func say(_ text: String) {
        let line = "bench: \(text)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
}

extension Double {
    /// With as many digits as a person reads.
    func rounded(to digits: Int) -> Double {
        let factor = pow(10, Double(digits))
        return (self * factor).rounded() / factor
    }

    var short: String {
        let digits = abs(self) >= 1_000 ? 0 : abs(self) >= 100 ? 1 : abs(self) >= 1 ? 2 : 3
        let text = "\(rounded(to: digits))"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension [Double] {
    /// The middle one; 0 of nothing.
    var median: Double { percentile(0.5) }

    /// The smallest value that this share of all does not exceed.
    func percentile(_ share: Double) -> Double {
        guard !isEmpty else { return 0 }
        return sorted()[Swift.min(count - 1, Int(share * Double(count)))]
    }
}
