import Foundation
import Models
import Testing

@Suite("Beside Foundation")
struct DifferentialTests {
    @Test("random valid JSON means the same to both parsers", arguments: 1...20)
    func values(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let reader = MessageReader()
        for _ in 0..<60 {
            let value = Self.value(depth: 0, &random)
            let body = try Fixture.replacing("\"goods\"", with: "\"x\": \(value), \"goods\"")
            let ours = try reader.read(body)
            // Foundation's reading, written by Foundation, has to be the same content.
            let object = try JSONSerialization.jsonObject(with: Data(body))
            let theirs = try JSONSerialization.data(withJSONObject: object)
            #expect(try reader.read([UInt8](theirs)).contentHash == ours.contentHash, "\(value)")
        }
    }

    @Test("random orders mean the same to JSONDecoder", arguments: 1...20)
    func orders(seed: UInt64) throws {
        var generator = OrderGenerator(seed: seed)
        let decoder = JSONDecoder()
        for _ in 0..<20 {
            let order = generator.order()
            let body = MessageWriter().write(generator.envelope(for: order), order)
            let theirs = try decoder.decode(PlainEvent.self, from: Data(body)).data
            #expect(theirs == PlainOrder(order))
            #expect(PlainOrder(try Fixture.order(body)) == theirs)
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 7), using: &random) {
        case 0: return ["true", "false", "null"].randomElement(using: &random) ?? "null"
        case 1: return String(Int64.random(in: .min ... .max, using: &random))
        case 2: return String(Int64.random(in: -99...99, using: &random))
        case 3:
            return
                "\(Int64.random(in: -9999...9999, using: &random)).\(["5", "25", "125"].randomElement(using: &random) ?? "5")"
        case 4, 5, 6: return string(&random)
        case 7:
            let elements = (0..<Int.random(in: 0...6, using: &random)).map { _ in value(depth: depth + 1, &random) }
            return "[" + elements.joined(separator: [",", " , ", ",\n\t"].randomElement(using: &random) ?? ",") + "]"
        default:
            let members = (0..<Int.random(in: 0...6, using: &random)).map { index in
                "\"\(index)" + string(&random).dropFirst() + " :\r\n" + value(depth: depth + 1, &random)
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let parts = [
            "a", "Z", " ", "é", "漢", "😀", "e\u{301}", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\t", "\\u0041",
            "\\u00e9", "\\u6f22",
            "\\ud83d\\ude00", "\\u001f", "\u{7F}", "\u{2028}", "\\uFFFD", "/",
        ]
        return "\""
            + (0..<Int.random(in: 0...12, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
            .joined() + "\""
    }
}

/// The order as Foundation decodes it: text for everything that has a grammar of its own.
struct PlainOrder: Codable, Equatable {
    struct Line: Codable, Equatable {
        var id, sku, quantity, unit, unitPrice, amount: String
        var priceVersion: String?
    }

    struct Place: Codable, Equatable {
        var company: String?
        var name: String
        var street: [String]
        var city: String
        var region, postalCode: String?
        var country: String
    }

    var number: String
    var revision: Int64
    var customer: [String: String]
    var contact: [String: String]
    var purchaseOrderNumber: String?
    var shipTo, billTo: Place
    var shippingMethod: String
    var requestedDate, preferredWarehouse: String?
    var payment: [String: String]
    var currency: String
    var lines: [Line]
    var totals: [String: String]
    var fallbacks: [[String: String]]
}

struct PlainEvent: Codable {
    var data: PlainOrder
}

extension PlainOrder {
    init(_ order: Order) {
        number = order.number
        revision = order.revision
        switch order.customer {
        case .account(let account): customer = ["account": account]
        case .registration(let registration): customer = ["registration": registration]
        }
        contact = ["name": order.contact.name, "email": order.contact.email]
        contact["phone"] = order.contact.phone
        purchaseOrderNumber = order.purchaseOrderNumber
        (shipTo, billTo) = (Place(order.shipTo), Place(order.billTo))
        shippingMethod = order.shippingMethod
        requestedDate = order.requestedDate?.description
        preferredWarehouse = order.preferredWarehouse
        switch order.payment {
        case .purchaseOrder: payment = ["method": "purchase-order"]
        case .prepaid(let reference): payment = ["method": "prepaid", "reference": reference]
        }
        currency = order.currency.code
        lines = order.lines.map { line in
            Line(
                id: line.id, sku: line.sku, quantity: line.quantity.description, unit: line.unit.code,
                unitPrice: line.unitPrice.description, amount: line.amount.description, priceVersion: line.priceVersion)
        }
        totals = [
            "goods": order.totals.goods.description, "discount": order.totals.discount.description,
            "shipping": order.totals.shipping.description, "tax": order.totals.tax.description,
            "total": order.totals.total.description,
        ]
        fallbacks = order.fallbacks.map { fallback in
            var plain = ["question": fallback.question.rawValue, "basis": fallback.basis.rawValue]
            plain["asOf"] = fallback.asOf?.description
            return plain
        }
    }
}

extension PlainOrder.Place {
    init(_ address: Address) {
        self.init(
            company: address.company, name: address.name, street: address.street, city: address.city,
            region: address.region, postalCode: address.postalCode, country: address.country.code)
    }
}
