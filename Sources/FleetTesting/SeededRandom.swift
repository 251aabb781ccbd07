import Glibc
public import Testing

/// Random numbers that can be had again: SplitMix64 from a seed.
///
/// Take the seed from ``seed`` (or derive one per round from it) and give the test the trait ``Testing/Trait/reportsSeed``:
/// every issue then says which `STEVEDORE_TEST_SEED` repeats it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    /// This run's seed: `STEVEDORE_TEST_SEED` when set, else a new one for each process.
    public static let seed: UInt64 =
        getenv("STEVEDORE_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...0xFFFF_FFFF)

    private var state: UInt64

    /// The generator of one round: the same seed and round give the same numbers.
    public init(seed: UInt64 = SeededRandom.seed, round: Int = 0) {
        state = seed &+ UInt64(truncatingIfNeeded: round) &* 0xD134_2543_DE82_EF95
    }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Trait where Self == IssueHandlingTrait {
    /// Adds to each issue of the test how to repeat it with the same random numbers.
    public static var reportsSeed: Self {
        .compactMapIssues { issue in
            var issue = issue
            issue.comments.append("repeat with STEVEDORE_TEST_SEED=\(SeededRandom.seed)")
            return issue
        }
    }
}
