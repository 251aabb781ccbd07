/// Growing steps: one letter, then ten, a hundred and so on, so that a cause that is not mended costs one letter more and not
/// all of them.
struct Canary: Hashable, Sendable {
    /// How many letters the step has.
    private(set) var size = 1
    /// How many of them are sent.
    private(set) var sent = 0
    /// No step is larger, so that what waits for its outcome stays few.
    static let largest = 10_000

    /// How many more the step takes.
    var remaining: Int { size - sent }
    /// Whether nothing of the step has been sent.
    var isFresh: Bool { sent == 0 }

    mutating func send(_ count: Int) { sent += count }

    mutating func advance() {
        size = min(size * 10, Self.largest)
        sent = 0
    }
}
