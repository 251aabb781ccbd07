/// What a message says about its subject: the whole object, restated at a revision.
public protocol Payload: Hashable, Sendable {
    /// The business key, equal to the envelope's `subject`.
    var number: String { get }
    /// Equal to the envelope's `revision`.
    var revision: Int64 { get }
}

/// A payload whose contract is declared here.
protocol ContractPayload: Payload, ContractObject {}

extension Order: ContractPayload {}
extension OrderStatus: ContractPayload {}
extension OfflineOrder: ContractPayload {}
