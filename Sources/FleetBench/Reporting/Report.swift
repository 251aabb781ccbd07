internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// Prints measurements: as JSON line by line as they come, or as a table at the end.
struct Report {
    let isJSON: Bool
    private var measurements: [Measurement] = []

    init(isJSON: Bool) { self.isJSON = isJSON }

    var isOk: Bool { measurements.allSatisfy(\.isOk) }

    mutating func add(_ new: [Measurement]) throws {
        measurements += new
        guard isJSON else { return }
        for measurement in new { print(try Row(measurement).json) }
        // What was measured for half an hour is not to wait for the end in a buffer.
        fflush(nil)
    }

    func finish() {
        guard !isJSON else { return }
        let rows = [["", "median", "unit", "against", "ratio", "bar", "ok"]] + measurements.map(cells)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let line = zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 || column == 2 ? cell.0 + padding : padding + cell.0
            }
            print(line.joined(separator: "  "))
        }
    }

    private func cells(_ measurement: Measurement) -> [String] {
        let bar =
            switch measurement.bar {
            case .ratioAtLeast(let limit): "≥ \(limit.short)×"
            case .ratioAtMost(let limit): "≤ \(limit.short)×"
            case .atLeast(let limit): "≥ \(limit.short)"
            case .atMost(let limit): "≤ \(limit.short)"
            case .none: ""
            }
        return [
            measurement.name, measurement.value.short, measurement.unit, measurement.against?.short ?? "",
            measurement.ratio?.short ?? "", bar, measurement.limit == nil ? "" : measurement.isOk ? "ok" : "NO",
        ]
    }

    /// The shape of a JSON line.
    private struct Row: Encodable {
        let name: String
        /// Null where a number cannot be had.
        let value: Double?
        let unit: String
        let against: Double?
        let ratio: Double?
        let bar: Double?
        let ok: Bool

        init(_ measurement: Measurement) {
            name = measurement.name
            value = measurement.value.rounded(to: 3)
            unit = measurement.unit
            against = measurement.against?.rounded(to: 3)
            ratio = measurement.ratio?.rounded(to: 3)
            bar = measurement.limit
            ok = measurement.isOk
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(value, forKey: .value)
            try container.encode(unit, forKey: .unit)
            try container.encode(against, forKey: .against)
            try container.encode(ratio, forKey: .ratio)
            try container.encode(bar, forKey: .bar)
            try container.encode(ok, forKey: .ok)
        }

        enum CodingKeys: CodingKey { case name, value, unit, against, ratio, bar, ok }

        var json: String {
            get throws {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.withoutEscapingSlashes]
                return String(decoding: try encoder.encode(self), as: UTF8.self)
            }
        }
    }
}
