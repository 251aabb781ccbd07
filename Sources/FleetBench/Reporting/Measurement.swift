/// One line of the report.
struct Measurement: Sendable {
    /// What a value must keep to.
    enum Bar: Sendable {
        /// The ratio to what it is held against.
        case ratioAtLeast(Double)
        case ratioAtMost(Double)
        case atLeast(Double)
        case atMost(Double)
        /// Shown only.
        case none
    }

    let name: String
    /// The median of the repetitions.
    let value: Double
    let unit: String
    /// The median of what it is compared with.
    let against: Double?
    /// The median of the ratios of neighbouring repetitions; over 1 the fleet's number is the greater one.
    let ratio: Double?
    let bar: Bar

    init(_ name: String, _ value: Double, _ unit: String, bar: Bar = .none) {
        (self.name, self.value, self.unit, self.bar) = (name, value, unit, bar)
        (against, ratio) = (nil, nil)
    }

    /// Two rows of numbers, taken in turns.
    init(_ name: String, _ values: [Double], against others: [Double], _ unit: String, bar: Bar = .none) {
        self.name = name
        self.unit = unit
        self.bar = bar
        value = values.median
        against = others.median
        ratio = zip(values, others).map { $0 / $1 }.median
    }

    var limit: Double? {
        switch bar {
        case .ratioAtLeast(let limit), .ratioAtMost(let limit), .atLeast(let limit), .atMost(let limit): limit
        case .none: nil
        }
    }

    var isOk: Bool {
        switch bar {
        case .ratioAtLeast(let limit): (ratio ?? 0) >= limit
        case .ratioAtMost(let limit): (ratio ?? .infinity) <= limit
        case .atLeast(let limit): value >= limit
        case .atMost(let limit): value <= limit
        case .none: true
        }
    }
}
