/// Plays what happens in the company, one event after the other: the same events for the same seed on the same books.
struct Activity: Sendable {
    let masterData: MasterData
    let today: BusinessDay
    var random: SeededRandom

    init(masterData: MasterData, today: BusinessDay, seed: UInt64) {
        self.masterData = masterData
        self.today = today
        random = SeededRandom(seed: seed)
    }

    /// Plays one event and says which. One that nothing can happen to, such as shipping without an open order, gives way to a
    /// movement of stock.
    mutating func play(in page: Books.Page) throws -> ActivityKind {
        let kind = ActivityKind.draw(&random)
        guard try !happens(kind, in: page) else { return kind }
        return try happens(.stockMovement, in: page) ? .stockMovement : kind
    }

    private mutating func happens(_ kind: ActivityKind, in page: Books.Page) throws -> Bool {
        switch kind {
        case .stockMovement: try moveStock(page)
        case .receipt: try receive(page)
        case .purchase: try purchase(page)
        case .listPrice: try changeListPrice(page)
        case .contractPrice: try changeContractPrice(page)
        case .newProduct: try addProduct(page)
        case .productText: try describeProduct(page)
        case .account: try changeCredit(page)
        case .hold: try toggleHold(page)
        case .shipping: try ship(page)
        case .delivery: try deliver(page)
        case .offlineOrder: try keyOrder(page)
        case .promise: try promise(page)
        }
    }

    /// Any product of those the books began with; nil when there are none.
    mutating func anySKU() -> String? {
        guard masterData.productCount > 0 else { return nil }
        return masterData.sku(at: Int(random.draw(0...Int64(masterData.productCount - 1))))
    }

    /// Any account's place; nil when there are none.
    mutating func anyAccount() -> Int? {
        guard masterData.accounts > 0 else { return nil }
        return Int(random.draw(0...Int64(masterData.accounts - 1)))
    }

    /// What any warehouse has of any product.
    mutating func anyStock(_ page: Books.Page) throws -> StockRow? {
        guard let sku = anySKU() else { return nil }
        return try page.stock(sku, random.pick(MasterData.warehouses, or: "EAST"))
    }
}
