/// A span of time as people say it: the two largest units that are not zero.
package enum Age {
    /// `47s`, `3m 5s`, `2h 10m`, `4d 2h`; what lies in the future is `0s`.
    package static func text(microseconds: Int64) -> String {
        let seconds = max(0, microseconds / 1_000_000)
        let parts = [
            ("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("m", seconds / 60 % 60), ("s", seconds % 60),
        ]
        let shown = parts.drop { $0.1 == 0 }.prefix(2).filter { $0.1 != 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.1)\($0.0)" }.joined(separator: " ")
    }
}
