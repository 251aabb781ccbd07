import Models

extension Activity {
    /// An invoice is posted, or one is paid.
    mutating func changeCredit(_ page: Books.Page) throws -> Bool {
        let percent = random.draw(70...120)
        return try changeAccount(page) { customer in
            guard let used = ExactDecimal(customer.creditUsed) else { return }
            customer.creditUsed = used.cents(percent: percent).description
        }
    }

    /// Orders of the account are held meanwhile.
    mutating func toggleHold(_ page: Books.Page) throws -> Bool {
        try changeAccount(page) { customer in
            let reason = StandingOrder.Reason(code: "credit.hold", text: "An invoice is overdue.")
            customer.hold = customer.hold == nil ? reason : nil
        }
    }

    private mutating func changeAccount(
        _ page: Books.Page, _ change: (inout CustomerDocument) -> Void
    ) throws -> Bool {
        guard let index = anyAccount() else { return false }
        let account = MasterData.account(at: index)
        guard let text = try page.object(.customers, account),
            var customer = try? JSON.decode(CustomerDocument.self, text)
        else { return false }
        change(&customer)
        try page.put(.customers, account, JSON.text(customer))
        return true
    }
}
