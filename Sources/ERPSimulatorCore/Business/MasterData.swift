import Models

/// The accounts and products of the simulated company: a pure function of its size, so a test may rely on every value.
///
/// The special ones repeat in each product family, by the number at the end of the SKU:
/// 0008 out of stock · 0012 only in WEST · 0014 five pieces · 0016 replaced by 0017 · 0018 sold in tens.
public struct MasterData: Hashable, Sendable {
    /// How the ERP treats an account.
    enum Standing: Sendable {
        case good, creditHold, overLimit, prepayOnly, closed
    }

    /// How the ERP serves a product.
    enum Supply: Hashable, Sendable {
        case inStock, outOfStock, westOnly
        case pieces(Int64)
        case replaced(by: String)
        case inTens
    }

    private static let sizes = ["S", "M", "L", "XL"]

    /// Where the stock is.
    static let warehouses = ["EAST", "NORTH", "WEST"]
    /// Ten in four sizes.
    static let gloveCount = 40

    let accounts: Int
    let productsPerFamily: Int
    let priceLists: Int
    let seed: UInt64

    /// `C-10001`…, eight families of products `FST-0001`…, with ten gloves `GLV-01-S`… in four sizes, and price lists `PL-01`….
    /// The seed decides what they weigh, cost by contract and have in stock.
    public init(accounts: Int = 40, productsPerFamily: Int = 20, priceLists: Int = 4, seed: UInt64 = 1) {
        self.accounts = max(0, accounts)
        self.productsPerFamily = max(0, productsPerFamily)
        self.priceLists = max(0, priceLists)
        self.seed = seed
    }

    /// How many products a family needs for a catalogue of so many SKUs, gloves included.
    public static func productsPerFamily(catalogue: Int) -> Int {
        let families = ProductFamily.all.count
        return max(0, (catalogue - gloveCount + families - 1) / families)
    }

    /// How many SKUs there are.
    var productCount: Int { ProductFamily.all.count * productsPerFamily + Self.gloveCount }

    /// The SKU at a place below ``productCount``.
    func sku(at index: Int) -> String {
        let gloves = index - ProductFamily.all.count * productsPerFamily
        guard gloves >= 0 else {
            return Self.sku(
                ProductFamily.all[index % ProductFamily.all.count].prefix, index / ProductFamily.all.count + 1)
        }
        return "GLV-\(Self.padded(gloves / Self.sizes.count % 10 + 1, to: 2))-\(Self.sizes[gloves % Self.sizes.count])"
    }

    /// A family's product by its number.
    static func sku(_ prefix: String, _ number: Int) -> String { "\(prefix)-\(padded(number, to: 4))" }

    /// The account at a place below ``accounts``.
    static func account(at index: Int) -> String { "C-\(10_001 + index)" }

    /// The price list at a place below ``priceLists``.
    static func priceList(at index: Int) -> String { "PL-\(padded(index + 1, to: 2))" }

    static func padded(_ number: Int, to digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// How an account begins; nil when there is no such one.
    func standing(of account: String) -> Standing? {
        guard account.hasPrefix("C-"), let number = Self.number(account.dropFirst(2), digits: 5...9),
            number > 10_000, number <= 10_000 + Int64(accounts)
        else { return nil }
        // The first forty are known one by one; of more, every 250th repeats them.
        switch number <= 10_040 ? number : 10_000 + (number - 10_000) % 250 {
        case 10_003: return .overLimit
        case 10_004: return .creditHold
        case 10_005: return .prepayOnly
        case 10_007: return .closed
        default: return .good
        }
    }

    /// Nil when there is no such product.
    func supply(of sku: String) -> Supply? {
        guard sku.hasPrefix("GLV-") else { return familyNumber(sku).map { Self.supply($0.number, $0.prefix) } }
        return isGlove(sku) ? .inStock : nil
    }

    /// The list price in cents, nil when there is no such product.
    func priceCents(of sku: String) -> Int64? {
        if let (prefix, number) = familyNumber(sku),
            let family = ProductFamily.all.first(where: { $0.prefix == prefix })
        {
            return family.firstCents + family.stepCents * (number - 1)
        }
        guard isGlove(sku), let number = Self.number(sku.dropFirst(4).prefix(2), digits: 2...2) else { return nil }
        return 1_400 + 150 * number + (sku.hasSuffix("-XL") ? 300 : 0)
    }

    func familyNumber(_ sku: String) -> (prefix: String, number: Int64)? {
        let parts = sku.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, ProductFamily.all.contains(where: { $0.prefix == parts[0] }),
            let number = Self.number(parts[1], digits: 4...9), number >= 1, number <= Int64(productsPerFamily)
        else { return nil }
        return (String(parts[0]), number)
    }

    private func isGlove(_ sku: String) -> Bool {
        let parts = sku.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "GLV", Self.sizes.contains(String(parts[2])) else { return false }
        return Self.number(parts[1], digits: 2...2).map { (1...10).contains($0) } ?? false
    }

    private static func supply(_ number: Int64, _ prefix: String) -> Supply {
        switch number {
        case 8: .outOfStock
        case 12: .westOnly
        case 14: .pieces(5)
        case 16: .replaced(by: "\(prefix)-0017")
        case 18: .inTens
        default: .inStock
        }
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text)
    }
}
