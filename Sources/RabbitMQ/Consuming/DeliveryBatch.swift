/// The deliveries that were there, in the order of the queue; never empty when a consumer hands it out.
public struct DeliveryBatch: Sendable {
    /// The messages.
    public let deliveries: [Delivery]

    /// A batch of these deliveries.
    public init(deliveries: [Delivery]) { self.deliveries = deliveries }

    init(_ arrivals: ArraySlice<Arrival>, storage: [UInt8], epoch: UInt64) {
        deliveries = arrivals.map { Delivery($0, storage: storage, epoch: epoch) }
    }
}
