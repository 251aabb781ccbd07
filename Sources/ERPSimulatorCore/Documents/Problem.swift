/// A refusal, answered as `application/problem+json`.
struct Problem: Encodable {
    enum Category: String, Encodable {
        case rejected, declined, unknown, superseded, exists
        case tooLate = "too-late"
    }

    struct Fault: Encodable, Hashable {
        var pointer: String
        var rule: String
        var value: String?
        var sentence: String
    }

    var title: String
    var status: Int
    var detail: String
    var category: Category
    var code: String
    var faults: [Fault]?
    var order: StandingOrder?
}

extension Problem {
    static func rejected(_ code: String, _ detail: String, status: Int = 422, faults: [Fault] = []) -> Problem {
        Problem(
            title: "The order is not acceptable", status: status, detail: detail, category: .rejected, code: code,
            faults: faults)
    }

    static func declined(_ code: String, _ detail: String) -> Problem {
        Problem(title: "The order is declined", status: 422, detail: detail, category: .declined, code: code)
    }

    static func unknownOrder(_ number: String) -> Problem {
        Problem(
            title: "Unknown order", status: 404, detail: "There is no order \(number).", category: .unknown,
            code: "order.unknown")
    }

    static func superseded(_ order: StandingOrder, by revision: Int64) -> Problem {
        Problem(
            title: "A newer revision stands", status: 409,
            detail: "Revision \(order.storeRevision ?? 0) stands; revision \(revision) is older.",
            category: .superseded, code: "revision.older", order: order)
    }

    static func exists(_ order: StandingOrder) -> Problem {
        Problem(
            title: "The order exists", status: 409, detail: "The order exists at an older revision; amend it.",
            category: .exists, code: "order.exists", order: order)
    }

    static func tooLate(_ order: StandingOrder) -> Problem {
        let code = order.state == .cancelled ? "order.cancelled" : "order.shipped"
        let what = order.state == .cancelled ? "cancelled" : "shipped, or a part of it"
        return Problem(
            title: "Too late", status: 409,
            detail: "Order \(order.storeNumber ?? order.erpNumber) is already \(what).",
            category: .tooLate, code: code, order: order)
    }
}
