import Models

extension Timestamp {
    /// RFC 3339 in UTC with six decimals, so that texts sort as moments do.
    var sortable: String {
        let text = description.dropLast()
        guard let point = text.firstIndex(of: ".") else { return "\(text).000000Z" }
        return "\(text)\(String(repeating: "0", count: 7 - text[point...].count))Z"
    }
}
