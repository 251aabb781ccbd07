/// Makes what a warehouse has of a product when the books are opened for the first time.
struct StockMaker {
    let masterData: MasterData
    let today: BusinessDay

    func row(_ sku: String, _ warehouse: String, unit: String) -> StockRow {
        var random = SeededRandom(seed: masterData.seed, key: "\(sku)/\(warehouse)")
        var row = StockRow(sku: sku, warehouse: warehouse, unit: unit)
        switch masterData.supply(of: sku) ?? .inStock {
        case .outOfStock:
            if warehouse == "EAST" { row.incoming = [incoming(200, in: 14)] }
            row.leadTimeDays = 14
        case .westOnly: row.onHand = Millionths(warehouse == "WEST" ? random.draw(500...4_000) : 0)
        case .pieces(let pieces): row.onHand = Millionths(warehouse == "EAST" ? pieces : 0)
        case .replaced: break
        case .inTens: row.onHand = Millionths(10 * random.draw(100...1_000))
        case .inStock: fill(&row, &random)
        }
        return row
    }

    /// Plenty in the east, which orders are served from first; elsewhere something may be missing.
    private func fill(_ row: inout StockRow, _ random: inout SeededRandom) {
        let isMissing = row.warehouse != "EAST" && random.chance(8)
        row.onHand = Millionths(isMissing ? 0 : random.draw(500...5_000))
        if random.chance(30) { row.reserved = Millionths(random.draw(0...row.onHand.units / 10_000_000)) }
        if isMissing || random.chance(15) {
            row.incoming = [incoming(10 * random.draw(5...80), in: random.draw(2...45))]
        }
        if random.chance(5) { row.leadTimeDays = random.draw(3...40) }
    }

    private func incoming(_ pieces: Int64, in days: Int64) -> StockDocument.Incoming {
        StockDocument.Incoming(quantity: String(pieces), date: today.adding(days).text)
    }
}
