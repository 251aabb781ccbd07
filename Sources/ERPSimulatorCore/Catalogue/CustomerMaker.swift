/// Makes the document of an account: with addresses, persons, terms, credit, price lists and assortment.
struct CustomerMaker {
    private static let names = [
        "Globex", "Initech", "Hooli", "Umbrella", "Stark", "Wayne", "Acme", "Vandelay", "Wonka", "Cyberdyne",
    ]
    private static let trades = [
        "Industrial", "Construction", "Facilities", "Logistics", "Electric", "Plumbing", "Supply",
    ]
    private static let cities = [
        ("Newark", "NJ", "07114"), ("Dallas", "TX", "75201"), ("Tacoma", "WA", "98402"), ("Akron", "OH", "44308"),
        ("Fresno", "CA", "93721"), ("Tampa", "FL", "33602"), ("Boise", "ID", "83702"), ("Mobile", "AL", "36602"),
    ]
    private static let terms: [(code: String, days: Int64)] = [("NET30", 30), ("NET60", 60), ("NET14", 14)]

    let masterData: MasterData

    func document(at index: Int) -> CustomerDocument {
        let account = MasterData.account(at: index)
        var random = SeededRandom(seed: masterData.seed, key: account)
        let standing = masterData.standing(of: account) ?? .good
        let name =
            "\(random.pick(Self.names, or: "Acme")) \(random.pick(Self.trades, or: "Supply")) \(account.dropFirst(2))"
        let limit = 1_000_00 * random.draw(5...250)
        let used = standing == .overLimit ? limit + 1_250_00 : limit * random.draw(0...70) / 100
        let isPrepaid = standing == .prepayOnly
        return CustomerDocument(
            account: account, name: name, taxId: "US-\(random.draw(10_0000000...99_9999999))",
            billTo: place(name, "Accounts payable", &random),
            shipTos: (1...random.draw(1...3)).map { number in
                .init(id: "\(account)-\(number)", address: place(name, "Dock \(number)", &random))
            },
            contacts: [
                .init(name: "Ada Buyer", email: "ada@c\(account.dropFirst(2)).example.com", phone: "+1 555 0100")
            ],
            currency: "USD", terms: isPrepaid ? prepayment : termsOnCredit(&random), purchaseOrderAllowed: !isPrepaid,
            creditLimit: isPrepaid ? nil : ProductMaker.money(limit),
            creditUsed: ProductMaker.money(isPrepaid ? 0 : used), hold: hold(standing), priceLists: lists(index),
            assortment: assortment(index, &random), active: standing != .closed)
    }

    private var prepayment: CustomerDocument.Terms {
        .init(code: "PREPAY", text: "Payment before delivery.", netDays: 0)
    }

    private func termsOnCredit(_ random: inout SeededRandom) -> CustomerDocument.Terms {
        let terms = random.pick(Self.terms, or: Self.terms[0])
        return .init(code: terms.code, text: "\(terms.days) days net.", netDays: terms.days)
    }

    private func place(_ company: String, _ name: String, _ random: inout SeededRandom) -> IncomingOrder.Place {
        let (city, region, postalCode) = random.pick(Self.cities, or: Self.cities[0])
        return IncomingOrder.Place(
            company: company, name: name, street: ["\(random.draw(1...990)) Main Street"], city: city, region: region,
            postalCode: postalCode, country: "US")
    }

    private func hold(_ standing: MasterData.Standing) -> StandingOrder.Reason? {
        switch standing {
        case .creditHold: .init(code: "credit.hold", text: "The account is on credit hold.")
        default: nil
        }
    }

    private func lists(_ index: Int) -> [String] {
        guard masterData.priceLists > 0 else { return [] }
        let first = index % masterData.priceLists
        let second = (index + 1) % masterData.priceLists
        return (index.isMultiple(of: 3) && second != first ? [first, second] : [first])
            .map(MasterData.priceList(at:))
    }

    /// Most accounts see everything.
    private func assortment(_ index: Int, _ random: inout SeededRandom) -> CustomerDocument.Assortment? {
        guard index % 8 == 7 else { return nil }
        let groups = ProductFamily.all.map(\.group).filter { _ in random.chance(50) }
        return .init(groups: groups, skus: ["GLV-01-M"], excludedSkus: index % 16 == 15 ? ["FST-0001"] : [])
    }
}
