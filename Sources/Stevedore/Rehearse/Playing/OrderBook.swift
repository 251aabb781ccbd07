/// What was sent, by order: the newest revision, and whether it is called off. Two bytes an order, for there may be millions.
struct OrderBook: Hashable, Sendable {
    private var revisions: [UInt8] = []
    private var cancelled: [Bool] = []

    var count: Int { revisions.count }
    var cancellations: Int { cancelled.count { $0 } }

    mutating func note(_ step: RehearsedStep) {
        while revisions.count <= step.index {
            revisions.append(0)
            cancelled.append(false)
        }
        let revision = UInt8(clamping: step.revision)
        guard revision > revisions[step.index] else { return }
        revisions[step.index] = revision
        cancelled[step.index] = step.kind == .cancelled
    }

    func revision(_ index: Int) -> Int { Int(revisions[index]) }

    func isCancelled(_ index: Int) -> Bool { cancelled[index] }

    /// The store's number of an order.
    static func number(_ index: Int) -> String {
        let digits = String(index)
        return prefix + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    /// The place of a number; nil for one that was never given.
    func index(of number: String) -> Int? {
        guard number.hasPrefix(Self.prefix), let index = Int(number.dropFirst(Self.prefix.count)),
            (0..<count).contains(index), Self.number(index) == number
        else { return nil }
        return index
    }

    private static let prefix = "REHEARSAL-"
}
