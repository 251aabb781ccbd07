/// A question for figures as a store asks it.
struct IncomingQuestion: Decodable {
    enum Subject: String, Codable, Hashable, CaseIterable {
        case price, availability, shipping, tax
    }

    struct Line: Decodable {
        var id: String
        var sku: String
        var quantity: String
        var unit: String
        var unitPrice: String?
    }

    var id: String
    var customer: IncomingOrder.Customer
    var currency: String
    var questions: [Subject]
    var shipTo: IncomingOrder.Place?
    var shippingMethod: String?
    var lines: [Line]
}
