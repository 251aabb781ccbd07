/// When on a day things happen: little at night, most around ten and around two.
enum DayCurve {
    private static let hours: [Double] = [
        1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 20, 16, 12, 17, 19, 16, 12, 8, 5, 4, 3, 2, 2, 1,
    ]

    /// The time since midnight of the event at a place among so many.
    static func offset(of place: Int, among count: Int) -> Duration {
        let total = hours.reduce(0, +)
        var share = (Double(place) + 0.5) / Double(max(count, 1)) * total
        for (hour, weight) in hours.enumerated() {
            guard share > weight else { return .seconds(3_600 * (Double(hour) + share / weight)) }
            share -= weight
        }
        return .seconds(86_400)
    }
}
