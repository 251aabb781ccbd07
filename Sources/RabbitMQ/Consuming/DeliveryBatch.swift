/// The deliveries that were there, in the order of the queue; never empty when a consumer hands it out.
public struct DeliveryBatch: Sendable {
    /// The messages.
    public let deliveries: [Delivery]

    /// A batch of these deliveries.
    public init(deliveries: [Delivery]) { self.deliveries = deliveries }

    init(_ parcels: [Mailbox.Parcel]) {
        var deliveries: [Delivery] = []
        deliveries.reserveCapacity(parcels.reduce(0) { $0 + $1.arrivals.count })
        for parcel in parcels {
            for arrival in parcel.arrivals {
                deliveries.append(Delivery(arrival, storage: parcel.storage, epoch: parcel.epoch))
            }
        }
        self.deliveries = deliveries
    }
}
