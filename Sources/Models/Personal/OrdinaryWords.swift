/// Words of trade, and of the fleet itself, by which a contact is often called: `Purchasing`, `Customer Service`,
/// `Order Desk`. A name of nothing but these points to nobody.
enum OrdinaryWords {
    /// Whether a text has no other words; numbers count as ordinary, as in `Warehouse 12`.
    static func areAll(of text: String) -> Bool {
        words(of: text).allSatisfy { $0.allSatisfy(\.isNumber) || all.contains($0) || isPlural($0) }
    }

    private static func isPlural(_ word: String) -> Bool {
        word.hasSuffix("s") && all.contains(String(word.dropLast()))
    }

    /// The words of a text that are more than numbers.
    static func count(in text: String) -> Int { words(of: text).filter { !$0.allSatisfy(\.isNumber) }.count }

    private static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    private static let all = trade.union(ours)

    /// What messages, objects, queues and fields are called.
    private static let ours = Set(
        Catalogue.types.flatMap { type in
            words(of: "\(type.name) \(type.family) \(type.queues.joined(separator: " ")) \(type.title)")
        })

    /// Functions, departments and places, and what the fleet's codes, stages and sentences are made of.
    private static let trade = Set(
        words(
            of: """
                account accountant accounting accounts admin administration administrator agent applied approval area
                attention bay billing branch broker building buyer buying center central centre chain clerk clearance code
                collection commerce company connection contact contract control controller copy corporate credit customer
                customs data dead debtor default delivery department depot desk direct director discarded dispatch
                distribution division dock door duplicate east edited enquiries erased erp event export facilities facility
                factory failed feed field finance fleet floor forwarder freight front gate general goods group hall head
                headquarter headquarters help helpdesk home house import incoming inbound info information intake inventory
                invoice invoicing item journal lead ledger letter level line list location logistic logistics loading
                mail maintenance main manager management manufacturing market marketing master material message mill name
                national north note number object office online operation operations operator order outbound outgoing
                owner parcel park partner parts pay payable payables payment payroll person personnel pickup plant plant
                post price pricing procurement product production project purchase purchaser purchasing quality quantity
                queue ramp reason receipt receivable receivables receiver receiving reception recipient refused region
                rejected relations repair replay replayed resolved resource retail retried return revision room route
                sales secretary section security sender service services shelf ship shipment shipper shipping shop site
                sku source south staff state station status stock storage store storefront subject superseded supervisor
                supplier supplies supply support system team tech technical technician test the trade transport treasury
                type unit unknown unrouted user value vendor version warehouse wholesale west work worker workshop yard
                and of for to in at
                """))
}
