import Models

extension Books.Page {
    /// How orders of an account are treated, as its document has it now; nil when there is no such account.
    func standing(of account: String) throws -> MasterData.Standing? {
        // Four members of a document that nothing else of an order needs: SQLite picks them faster than it can be decoded.
        let sql = """
            SELECT document ->> '$.active', document ->> '$.purchaseOrderAllowed', document ->> '$.hold.code',
                document ->> '$.creditLimit', document ->> '$.creditUsed'
            FROM objects WHERE kind = 'customers' AND key = ?
            """
        guard let row = try connection.run(sql, [.text(account)]).first else { return nil }
        if row[0].integer == 0 { return .closed }
        if row[1].integer == 0 { return .prepayOnly }
        if row[2].text != nil { return .creditHold }
        guard let limit = row[3].text.flatMap({ ExactDecimal($0) }),
            let used = row[4].text.flatMap({ ExactDecimal($0) })
        else { return .good }
        return used > limit ? .overLimit : .good
    }
}
