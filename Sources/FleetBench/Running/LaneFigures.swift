internal import FoundationEssentials

/// What one run of a program reports in one line of JSON: the C programs and their counterparts here alike.
struct LaneFigures: Codable, Sendable {
    var name: String
    var count: Int
    var wallSeconds: Double
    var cpuSeconds: Double
    var maxRSSKilobytes: Int

    var perSecond: Double { Double(count) / wallSeconds }
    var cpuMicroseconds: Double { cpuSeconds * 1e6 / Double(count) }

    enum CodingKeys: String, CodingKey {
        case name, count
        case wallSeconds = "wall_seconds"
        case cpuSeconds = "cpu_seconds"
        case maxRSSKilobytes = "max_rss_kb"
    }

    init(_ name: String, count: Int, wallSeconds: Double, cpuSeconds: Double) {
        self.name = name
        self.count = count
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        maxRSSKilobytes = OwnUse.maximumKilobytes
    }

    init(line: String) throws {
        self = try JSONDecoder().decode(LaneFigures.self, from: Data(line.utf8))
    }

    var line: String {
        get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
    }
}
