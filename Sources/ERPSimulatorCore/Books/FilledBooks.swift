import Synchronization

/// Books in memory as they were when they had just been filled: a hundred simulators in one process, as tests have them, copy
/// what the first has made.
final class FilledBooks: Sendable {
    /// What the contents of new books depend on.
    struct Company: Hashable, Sendable {
        var masterData: MasterData
        var today: BusinessDay
    }

    /// Larger ones are few, and not worth their memory.
    private static let mostBytes = 4 << 20
    private static let mostCompanies = 8

    static let shared = FilledBooks()

    private let images = Mutex<[Company: [UInt8]]>([:])

    func image(of company: Company) -> [UInt8]? { images.withLock { $0[company] } }

    func keep(_ image: [UInt8], of company: Company) {
        guard image.count <= Self.mostBytes else { return }
        images.withLock { images in
            if images.count >= Self.mostCompanies { images = [:] }
            images[company] = image
        }
    }
}
