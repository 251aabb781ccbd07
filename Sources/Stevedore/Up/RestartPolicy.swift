/// How a program ended.
enum ProgramEnd: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(Int32)

    var description: String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        }
    }
}

/// When a program that ended is started again.
///
/// Crashes are started again for ever, each time a little later, because a fleet must outlive a bad night. What a person
/// has to mend first is not: a wrong configuration is tried once more, in case a file was just being written, and what
/// cannot have its port at the first start (exit code 69) will not have it later either.
struct RestartPolicy: Hashable, Sendable {
    /// What happens next.
    enum Decision: Hashable, Sendable {
        case restart(after: Duration)
        case giveUp
    }

    private var ends = 0
    private var quickEnds = 0
    private var wrongConfigurations = 0

    /// A program that ran this long has recovered.
    static let stable: Duration = .seconds(30)
    static let longestDelay: Duration = .seconds(30)

    mutating func ended(_ end: ProgramEnd, after running: Duration) -> Decision {
        wrongConfigurations = end == .exited(78) ? wrongConfigurations + 1 : 0
        ends += 1
        let neverRan = ends == 1 && running < Self.stable
        if end == .exited(64) || wrongConfigurations > 1 || (end == .exited(69) && neverRan) { return .giveUp }
        quickEnds = running >= Self.stable ? 1 : min(quickEnds + 1, 30)
        let delay = Duration.milliseconds(500) * (1 << (quickEnds - 1))
        return .restart(after: min(delay, Self.longestDelay))
    }
}
