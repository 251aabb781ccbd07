internal import Models

// What begins is written down by whoever takes the message: as long as nobody takes any, nothing is known to have begun, and
// the queue itself is what has to be waited for.
extension Expectation {
    /// How the subject of a row begins that is for a queue; no message type and no stream has a space.
    static let queuePrefix = "queue "

    /// The queues that what begins it comes through, sorted; none for a heartbeat.
    package var queues: [String] {
        Set(openers.compactMap { Catalogue.type(named: $0) }.flatMap(\.queues)).sorted()
    }

    /// How a row names the queue that it is for.
    package static func subject(ofQueue queue: String) -> String { queuePrefix + queue }
}

extension ExpectationRow.Key {
    /// The queue whose messages have to be taken; nil for everything else that is waited for.
    package var queue: String? {
        guard family.isEmpty, subject.hasPrefix(Expectation.queuePrefix) else { return nil }
        return String(subject.dropFirst(Expectation.queuePrefix.count))
    }
}
