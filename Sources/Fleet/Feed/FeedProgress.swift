/// How far a read is, for people: `12,000 read, 48,000 to go, 1m 10s`.
package struct FeedProgress: CustomStringConvertible {
    private let cursor: FeedCursor

    package init(_ cursor: FeedCursor) { self.cursor = cursor }

    package var description: String {
        let read = "\(Count.grouped(Int(cursor.read))) read, \(Count.grouped(Int(cursor.told))) told"
        guard cursor.finishedAt == nil else { return read + " in \(Age.text(microseconds: took))" + missing }
        guard let remaining = cursor.remaining else { return read }
        guard let left else { return read + ", \(Count.grouped(Int(remaining))) to go" }
        return read + ", \(Count.grouped(Int(remaining))) to go, about \(Age.text(microseconds: left))"
    }

    /// What the same pass had more the last time.
    private var missing: String {
        guard cursor.pass == .full, let before = cursor.readBefore, before > cursor.read else { return "" }
        return ", \(Count.grouped(Int(before))) before"
    }

    private var took: Int64 { cursor.movedAt - cursor.startedAt }

    /// At the pace so far.
    private var left: Int64? {
        guard let remaining = cursor.remaining, cursor.read > 0, took > 0 else { return nil }
        let left = Double(took) / Double(cursor.read) * Double(remaining)
        // An ERP may claim any number.
        return left < 9e18 ? Int64(left) : nil
    }
}
