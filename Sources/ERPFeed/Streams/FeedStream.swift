internal import ERP

/// One sequence of changes in the ERP, with a cursor of its own.
struct FeedStream: Hashable, Sendable, CustomStringConvertible {
    let kind: ERPChangeKind
    /// Nil but for stock, which each warehouse tells by itself.
    let warehouse: String?

    /// All streams of an ERP with these warehouses.
    static func all(warehouses: [String]) -> [FeedStream] {
        ERPChangeKind.allCases.flatMap { kind in
            kind == .stock
                ? warehouses.sorted().map { FeedStream(kind: kind, warehouse: $0) }
                : [FeedStream(kind: kind, warehouse: nil)]
        }
    }

    /// `products`, `stock/EAST`: its name in the ledger, in logs and in commands.
    var description: String { warehouse.map { "\(kind.rawValue)/\($0)" } ?? kind.rawValue }
}

extension FeedStream {
    /// How the names of streams of stock begin.
    static let stockPrefix = "\(ERPChangeKind.stock.rawValue)/"

    /// The stock of a warehouse, by the stream's name; nil for another name.
    init?(stock name: String) {
        guard name.hasPrefix(Self.stockPrefix) else { return nil }
        self.init(kind: .stock, warehouse: String(name.dropFirst(Self.stockPrefix.count)))
    }
}
