/// What a program said about its own end: its name, a colon and a sentence, as every program of the fleet ends.
struct LastWords: Hashable, Sendable {
    private let prefix: String
    private(set) var lines: [String] = []

    init(program: String) { prefix = program + ": " }

    /// A line that the program wrote.
    mutating func hear(_ line: String) {
        if line.hasPrefix(prefix) {
            lines = [String(line.dropFirst(prefix.count))]
        } else if !lines.isEmpty && lines.count < 20 {
            lines.append(line)
        }
    }
}
