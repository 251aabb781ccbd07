import Models

/// What the company's carriers ask: a base, and so much for each kilogram and zone. Zones count from EAST.
struct FreightTable {
    private struct Service {
        var method: String
        var title: String
        /// In cents.
        var base: Int64
        /// In cents, for each kilogram begun and each zone.
        var perKilogram: Int64
        var kilograms: ClosedRange<Int64>
        var zones: ClosedRange<Int>

        func cents(_ weight: Int64, _ zone: Int) -> Int64 { base + perKilogram * weight * Int64(zone) }
    }

    private static let services = [
        Service(
            method: "GROUND", title: "UPS Ground", base: 795, perKilogram: 22, kilograms: 0...500, zones: 1...5),
        Service(
            method: "2DAY", title: "UPS 2nd Day Air", base: 1_890, perKilogram: 95, kilograms: 0...68, zones: 1...5),
        Service(
            method: "OVERNIGHT", title: "FedEx Standard Overnight", base: 3_450, perKilogram: 180, kilograms: 0...68,
            zones: 1...4),
        Service(
            method: "FREIGHT", title: "Old Dominion, less than truckload", base: 14_500, perKilogram: 9,
            kilograms: 68...20_000, zones: 1...4),
        Service(
            method: "INTERNATIONAL", title: "DHL Express Worldwide", base: 5_900, perKilogram: 130, kilograms: 0...300,
            zones: 6...8),
    ]

    private static let zones: [[String]] = [
        ["NJ", "NY", "PA", "CT", "DE", "MA", "RI", "NH", "VT", "ME", "MD", "DC"],
        ["VA", "WV", "NC", "SC", "GA", "FL", "OH", "MI", "IN", "KY", "TN", "AL", "MS"],
        ["IL", "WI", "MN", "IA", "MO", "AR", "LA", "TX", "OK", "KS", "NE", "SD", "ND"],
        ["MT", "WY", "CO", "NM", "AZ", "UT", "ID", "NV", "WA", "OR", "CA"],
        ["AK", "HI", "PR", "GU", "VI"],
    ]

    /// The ways to send so much to a place, the cheapest first; only the method that was asked for when one was.
    func options(
        _ kilograms: ExactDecimal, to place: IncomingOrder.Place, method: String?
    ) throws(Unquoted) -> [QuoteDocument.Shipping] {
        guard let zone = Self.zone(place) else {
            throw Unquoted(code: "region.unknown", text: "There is no state \(place.region ?? "") to send to.")
        }
        guard method == nil || Self.services.contains(where: { $0.method == method }) else {
            throw Unquoted(code: "shipping.unknown-method", text: "There is no shipping method \(method ?? "").")
        }
        let weight = Self.begun(kilograms)
        let fitting = Self.services.filter { service in
            service.kilograms.contains(weight) && service.zones.contains(zone)
                && (method == nil || service.method == method)
        }
        guard !fitting.isEmpty else {
            throw Unquoted(code: "shipping.impossible", text: "\(kilograms) kg can not be sent there that way.")
        }
        return fitting.sorted { $0.cents(weight, zone) < $1.cents(weight, zone) }.map { service in
            QuoteDocument.Shipping(
                method: service.method, title: service.title, amount: ProductMaker.money(service.cents(weight, zone)))
        }
    }

    private static func zone(_ place: IncomingOrder.Place) -> Int? {
        switch place.country {
        case "US":
            let region = (place.region ?? "").uppercased()
            return zones.firstIndex { $0.contains(region) }.map { $0 + 1 }
        case "CA", "MX": return 6
        default: return 8
        }
    }

    /// Whole kilograms, the last one begun; more than anybody carries is cut off.
    private static func begun(_ kilograms: ExactDecimal) -> Int64 {
        guard let most = ExactDecimal(1_000_000), kilograms < most else { return 1_000_000 }
        guard let nearest = kilograms.rounded(to: 0) else { return 1_000_000 }
        return nearest < kilograms ? nearest.units + 1 : nearest.units
    }
}
