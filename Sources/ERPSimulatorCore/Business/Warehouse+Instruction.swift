import Models

extension Warehouse {
    /// What a move may be told; everything has a default.
    struct Instruction: Decodable {
        struct Line: Decodable {
            var lineId: String
            var quantity: String?
        }

        /// For a sentence.
        static let members =
            "lines (lineId, quantity), carrier, service, trackingNumbers, shipDate, promisedDate, code and text"
        private static let names: Set = [
            "lines", "carrier", "service", "trackingNumbers", "shipDate", "promisedDate", "code", "text",
        ]

        /// The lines it is about; all of them without.
        var lines: [Line]?
        var carrier: String?
        var service: String?
        var trackingNumbers: [String]?
        var shipDate: String?
        var promisedDate: String?
        var code: String?
        var text: String?

        /// Told nothing.
        init() {}

        /// Nil when a member is unknown or can not be read.
        init?(json bytes: some Sequence<UInt8>) {
            let bytes = Array(bytes)
            guard let names = try? JSON.decode(MemberNames.self, bytes).names, Self.names.isSuperset(of: names),
                let instruction = try? JSON.decode(Instruction.self, bytes)
            else { return nil }
            let quantities = (instruction.lines ?? []).compactMap(\.quantity)
            guard quantities.allSatisfy({ ExactDecimal($0).map { $0 > .zero } ?? false }) else { return nil }
            self = instruction
        }
    }
}
