internal import Synchronization

/// ``LastWords`` that are heard on another thread.
final class HeardWords: Sendable {
    private let words: Mutex<LastWords>

    init(program: String) { words = Mutex(LastWords(program: program)) }

    var lines: [String] { words.withLock { $0.lines } }

    func hear(_ line: String) { words.withLock { $0.hear(line) } }
}
