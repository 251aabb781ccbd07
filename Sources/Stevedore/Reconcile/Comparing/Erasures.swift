internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What the record of what people did says of erasings: never whom, but enough to know an account again that is asked
/// about.
struct Erasures: Sendable {
    /// When a request with these four digits was last carried out here, in microseconds since 1970.
    private let times: [String: Int64]

    init(_ snapshot: LedgerSnapshot) throws {
        let rows = try snapshot.query(
            "SELECT detail, at FROM operator_action WHERE action = 'erase' AND detail IS NOT NULL ORDER BY at"
        ) { (detail: $0.text(0), at: $0.integer(1)) }
        times = rows.reduce(into: [:]) { times, row in
            guard row.detail.hasPrefix(Self.opening) else { return }
            times[String(row.detail.dropFirst(Self.opening.count).prefix { $0 != "," })] = row.at
        }
    }

    /// Why a finding is left to a person: what was there was erased, and a repair would bring it back. Nil for others.
    func excuse(for finding: Finding) -> Excuse? {
        // A row that is gone bears no mark: then the request's digits alone say so, and may mean another account.
        let isGone = finding.kind == .customer && finding.what == .missingInStore
        guard finding.isErased || isGone else { return nil }
        let day = finding.kind == .customer ? day(ofAccount: finding.subject) : nil
        guard finding.isErased || day != nil else { return nil }
        let what = finding.isErased ? "erased here" : "by the record of requests erased here"
        return .explained(
            "\(what)\(day.map { " on \($0)" } ?? ""); erase it in the ERP too: a repair would bring the data back, and "
                + "is made only of what --only names")
    }

    private func day(ofAccount account: String) -> String? {
        let digits = EraseOrder(account: account, by: "", reason: "").digest
        return times[digits].flatMap { Timestamp(microseconds: $0) }.map { String($0.description.prefix(10)) }
    }

    /// As ``EraseRecord`` writes it, before the four digits.
    private static let opening = "request "
}
