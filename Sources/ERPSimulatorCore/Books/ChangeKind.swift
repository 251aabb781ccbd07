/// What changes are told of, by the last part of their path.
enum ChangeKind: String, CaseIterable, Sendable {
    case orders, products, stock, prices, customers, shipments
}
