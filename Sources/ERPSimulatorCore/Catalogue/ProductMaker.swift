import Models

/// Makes the document of a product from its SKU: with colour and dimensions, weight, barcode, price and what it is sold in.
struct ProductMaker {
    private static let colours = ["zinc", "black", "yellow", "red", "blue", "white"]

    let masterData: MasterData

    func document(_ sku: String) -> ProductDocument {
        var random = SeededRandom(seed: masterData.seed, key: sku)
        guard let (prefix, number) = masterData.familyNumber(sku),
            let family = ProductFamily.all.first(where: { $0.prefix == prefix })
        else { return glove(sku, &random) }
        return document(sku, family, number, cents: masterData.priceCents(of: sku) ?? family.firstCents, &random)
    }

    /// A product that the catalogue did not begin with.
    func newcomer(_ family: ProductFamily, number: Int64) -> ProductDocument {
        let sku = MasterData.sku(family.prefix, Int(number))
        var random = SeededRandom(seed: masterData.seed, key: sku)
        return document(sku, family, number, cents: family.firstCents + family.stepCents * (number % 40), &random)
    }

    private func document(
        _ sku: String, _ family: ProductFamily, _ number: Int64, cents: Int64, _ random: inout SeededRandom
    ) -> ProductDocument {
        let place = Int((number - 1) % Int64(family.names.count))
        let length = 10 * random.draw(1...60)
        let isInTens = masterData.supply(of: sku) == .inTens
        var replacement: String?
        if case .replaced(let by)? = masterData.supply(of: sku) { replacement = by }
        return ProductDocument(
            sku: sku, name: "\(family.names[place]) \(length) mm",
            description: "\(family.names[place]), \(length) mm, for professional use.",
            texts: [.init(language: "de", name: "\(family.germanNames[place]) \(length) mm")],
            attributes: [
                .init(name: "colour", value: random.pick(Self.colours, or: "black")),
                .init(name: "length", value: String(length), unit: "MMT"),
                .init(name: "width", value: String(5 * random.draw(1...20)), unit: "MMT"),
                .init(name: "height", value: "\(random.draw(1...40)).5", unit: "MMT"),
            ],
            groups: [family.group] + (random.chance(10) ? ["clearance"] : []), unit: "C62",
            minimumQuantity: isInTens ? "10" : nil, quantityStep: isInTens ? "10" : nil,
            weight: .init(quantity: Self.kilograms(family.grams + random.draw(0...family.grams)), unit: "KGM"),
            gtin: Self.gtin(&random), listPrice: .init(amount: Self.money(cents), currency: "USD"),
            taxClass: family.taxClass, leadTimeDays: random.draw(2...28), replacementSku: replacement, active: true)
    }

    private func glove(_ sku: String, _ random: inout SeededRandom) -> ProductDocument {
        let size = String(sku.split(separator: "-").last ?? "M")
        return ProductDocument(
            sku: sku, name: "Work glove \(size)", description: "Nitrile-coated work glove, size \(size).",
            texts: [.init(language: "de", name: "Arbeitshandschuh \(size)")],
            attributes: [
                .init(name: "colour", value: random.pick(Self.colours, or: "black")),
                .init(name: "size", value: size),
                .init(name: "length", value: String(random.draw(22...28)), unit: "CMT"),
            ],
            groups: ["safety", "gloves"], unit: "C62", weight: .init(quantity: "0.08", unit: "KGM"),
            gtin: Self.gtin(&random),
            listPrice: .init(amount: Self.money(masterData.priceCents(of: sku) ?? 1_400), currency: "USD"),
            taxClass: "REDUCED", leadTimeDays: 7, active: true)
    }

    /// `12.50` of 1250.
    static func money(_ cents: Int64) -> String {
        ExactDecimal(units: cents, scale: 2)?.description ?? "0.00"
    }

    private static func kilograms(_ grams: Int64) -> String {
        ExactDecimal(units: grams, scale: 3)?.description ?? "0.001"
    }

    /// Thirteen digits from the range that GS1 leaves to companies for their own use, the last of them the check digit.
    private static func gtin(_ random: inout SeededRandom) -> String {
        let digits = "29" + MasterData.padded(Int(random.draw(0...9_999_999_999)), to: 10)
        // Of the twelve digits before the check digit, those at odd places from the right count three times.
        let sum = digits.utf8.reversed().enumerated().reduce(0) { sum, digit in
            sum + Int(digit.element - 0x30) * (digit.offset.isMultiple(of: 2) ? 3 : 1)
        }
        return digits + String((10 - sum % 10) % 10)
    }
}
