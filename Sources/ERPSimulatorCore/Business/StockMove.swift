import Models

/// What a change of an order does to the stock of one product in one warehouse.
struct StockMove: Hashable {
    var sku: String
    var warehouse: String
    /// What it reserves more; less when it is below zero.
    var reserved = Millionths.zero
    /// What comes in; what leaves is below zero.
    var onHand = Millionths.zero

    private struct Place: Hashable {
        var sku: String
        var warehouse: String

        /// Nil for a line that concerns no warehouse.
        init?(_ line: StandingLine) {
            guard let warehouse = line.warehouse else { return nil }
            (sku, self.warehouse) = (line.substituteSku ?? line.sku, warehouse)
        }
    }

    /// One for each product and warehouse that the change concerns, in the order of the lines; none where nothing moves.
    static func moves(from old: StandingOrder?, to new: StandingOrder) -> [StockMove] {
        var moves: [StockMove] = []
        for line in old?.lines ?? [] { add(line, taken: false, to: &moves) }
        for line in new.lines { add(line, taken: true, to: &moves) }
        return moves.filter { $0.reserved != .zero || $0.onHand != .zero }
    }

    /// Orders have few lines, so that looking through the moves beats hashing them.
    private static func add(_ line: StandingLine, taken: Bool, to moves: inout [StockMove]) {
        guard let place = Place(line) else { return }
        let index =
            moves.firstIndex { $0.sku == place.sku && $0.warehouse == place.warehouse } ?? moves.endIndex
        if index == moves.endIndex { moves.append(StockMove(sku: place.sku, warehouse: place.warehouse)) }
        let (reserved, shipped) = (
            Millionths(line.quantities.allocated.value), Millionths(line.quantities.shipped.value)
        )
        moves[index].reserved = taken ? moves[index].reserved + reserved : moves[index].reserved - reserved
        moves[index].onHand = taken ? moves[index].onHand - shipped : moves[index].onHand + shipped
    }
}
