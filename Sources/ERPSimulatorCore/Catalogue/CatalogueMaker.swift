/// Fills new books with everything that the company has before its first order, a row at a time, so that no size of catalogue
/// needs memory.
struct CatalogueMaker {
    let masterData: MasterData
    let today: BusinessDay

    /// Adds what is not there; what is stays as it has become.
    func fill(_ page: Books.Page) throws {
        try goods(page)
        try accounts(page)
        try prices(page)
    }

    private func goods(_ page: Books.Page) throws {
        let products = ProductMaker(masterData: masterData)
        let stock = StockMaker(masterData: masterData, today: today)
        for index in 0..<masterData.productCount {
            let product = products.document(masterData.sku(at: index))
            guard try page.add(.products, product.sku, JSON.text(product), at: today.start) else { continue }
            for warehouse in MasterData.warehouses {
                try page.add(stock.row(product.sku, warehouse, unit: product.unit), at: today.start)
            }
        }
    }

    private func accounts(_ page: Books.Page) throws {
        let customers = CustomerMaker(masterData: masterData)
        for index in 0..<masterData.accounts {
            let customer = customers.document(at: index)
            _ = try page.add(.customers, customer.account, JSON.text(customer), at: today.start)
        }
    }

    private func prices(_ page: Books.Page) throws {
        let maker = PriceMaker(masterData: masterData, today: today)
        for list in 0..<masterData.priceLists {
            for part in maker.parts(of: list) { try add(maker.document(part), page) }
        }
        for index in 0..<masterData.accounts {
            if let prices = maker.document(account: index) { try add(prices, page) }
        }
    }

    private func add(_ prices: PricesDocument, _ page: Books.Page) throws {
        _ = try page.add(.prices, prices.key, JSON.text(prices), at: today.start)
    }
}

extension PricesDocument {
    /// Holder, version and part.
    var key: String {
        let holder = account.map { "account/\($0)" } ?? "price-list/\(priceList ?? "")"
        return ([holder, priceVersion] + [part].compactMap(\.self)).joined(separator: "/")
    }
}
