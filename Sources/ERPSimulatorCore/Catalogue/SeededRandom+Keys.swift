extension SeededRandom {
    /// Draws that belong to a key: the same for the same seed, whatever else is drawn.
    init(seed: UInt64, key: String) {
        // FNV-1a: Swift's own hash differs from run to run.
        let hash = key.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        self.init(seed: seed ^ hash)
    }

    /// One of `range`, evenly.
    mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &self)
    }

    /// True in so many of a hundred draws.
    mutating func chance(_ percent: Int64) -> Bool { draw(0...99) < percent }

    /// One of them; the first of a list must be there.
    mutating func pick<Element>(_ elements: [Element], or fallback: Element) -> Element {
        elements.isEmpty ? fallback : elements[Int(draw(0...Int64(elements.count - 1)))]
    }
}
