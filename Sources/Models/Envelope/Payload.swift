/// What a message says about its subject: the whole object, restated at a revision.
public protocol Payload: Hashable, Sendable {
    /// The business key, equal to the envelope's `subject`.
    var number: String { get }
    /// Equal to the envelope's `revision`.
    var revision: Int64 { get }
}

extension Order: Payload {}
extension OrderStatus: Payload {}
extension OfflineOrder: Payload {}
