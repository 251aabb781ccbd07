internal import Models

/// A question for figures as the interface takes it: the fields of the contract under their own names, decimals as strings.
/// What a question does not have is left out.
enum WireQuestion {
    /// The body of a request.
    static func body(_ request: QuoteRequest) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 + 128 * request.lines.count)
        writer.object { $0.write(request) }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ request: QuoteRequest) {
        member("id", request.id)
        key("customer")
        object { $0.write(request.customer) }
        member("currency", request.currency.code)
        key("questions")
        array(request.questions) { $0.string($1.rawValue) }
        if let shipTo = request.shipTo {
            key("shipTo")
            object { $0.write(shipTo) }
        }
        member("shippingMethod", request.shippingMethod)
        key("lines")
        array(request.lines) { writer, line in writer.object { $0.write(line) } }
    }

    private mutating func write(_ line: QuoteLine) {
        member("id", line.id)
        member("sku", line.sku)
        member("quantity", line.quantity.description)
        member("unit", line.unit.code)
        member("unitPrice", line.unitPrice?.description)
    }
}
