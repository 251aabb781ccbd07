/// Finds what somebody meant who wrote something else.
enum Spelling {
    /// The candidate with the fewest letters to change, add or leave out; nil when that takes more than `limit`.
    static func nearest(to text: String, among candidates: [String], within limit: Int) -> String? {
        let distances = candidates.map { (candidate: $0, distance: distance(text, $0)) }
        return distances.min { $0.distance < $1.distance }.flatMap { $0.distance <= limit ? $0.candidate : nil }
    }

    /// Levenshtein's distance, in bytes.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, byte) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let changed = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
