/// A product as the simulated ERP keeps it; stored and told in this shape.
struct ProductDocument: Codable, Hashable {
    struct Text: Codable, Hashable {
        var language: String
        var name: String
    }

    struct Attribute: Codable, Hashable {
        var name: String
        var value: String
        var unit: String?
    }

    struct Measure: Codable, Hashable {
        var quantity: String
        var unit: String
    }

    struct Price: Codable, Hashable {
        var amount: String
        var currency: String
    }

    var sku: String
    var name: String
    var description: String?
    var texts: [Text]
    var attributes: [Attribute]
    var groups: [String]
    var unit: String
    var minimumQuantity: String?
    var quantityStep: String?
    var weight: Measure?
    var gtin: String?
    var listPrice: Price?
    var taxClass: String?
    var leadTimeDays: Int64?
    var replacementSku: String?
    var active: Bool
}

/// What a warehouse has of a product, as it is told.
struct StockDocument: Codable, Hashable {
    struct Incoming: Codable, Hashable {
        var quantity: String
        var date: String
    }

    var sku: String
    var warehouse: String
    var unit: String
    var onHand: String
    var reserved: String
    var incoming: [Incoming]
    var leadTimeDays: Int64?
}

/// A part of a version of a list's or an account's prices.
struct PricesDocument: Codable, Hashable {
    struct Line: Codable, Hashable {
        var sku: String
        var fromQuantity: String?
        var unit: String
        var price: String
    }

    var account: String?
    var priceList: String?
    var priceVersion: String
    var part: String?
    var currency: String
    var validFrom: String
    var validUntil: String?
    var prices: [Line]
}

/// A shipment, as it is told.
struct ShipmentDocument: Codable, Hashable {
    struct Line: Codable, Hashable {
        var lineId: String
        var sku: String
        var quantity: String
    }

    var number: String
    var erpNumber: String
    var storeNumber: String?
    var warehouse: String
    var state: String
    var carrier: String?
    var service: String?
    var trackingNumbers: [String]
    var shipDate: String?
    var lines: [Line]
}
