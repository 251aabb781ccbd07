internal import Synchronization

/// Since when which names have not been declared, as far as this process knows: one that was started with the wrong settings
/// and is stopped soon drops nothing that others wait for.
final class ExpectationStrays: Sendable {
    /// How long a name has to be undeclared before it is dropped, in microseconds that count.
    static let patience: Int64 = 600_000_000

    private let since = Mutex<[String: Int64]>([:])

    /// Those of these names that have been undeclared for long enough.
    /// - Parameters:
    ///   - names: All that are not declared now.
    ///   - reading: Of the clock that always runs.
    func over(_ names: [String], at reading: Int64) -> [String] {
        since.withLock { since in
            let before = since
            since = names.reduce(into: [:]) { $0[$1] = before[$1] ?? reading }
            return names.filter { reading - (before[$0] ?? reading) >= Self.patience }
        }
    }
}
