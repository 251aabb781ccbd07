import FoundationEssentials

/// The requests that reached the ERP, from its own audit.
struct SimulatorAudit: Decodable {
    struct Entry: Decodable {
        var method: String
        var path: String
        var at: String
        var storeNumber: String?
        var revision: Int64?
        var status: Int
        var effect: String
        var fault: String?

        /// It was to change something.
        var isWrite: Bool { method != "GET" }
        /// It got past the faults that were switched on.
        var reachedBooks: Bool { fault == nil || !["none", "refused"].contains(effect) }
        /// It changed the books.
        var isEffect: Bool { ["created", "tombstoned", "amended", "cancelled"].contains(effect) }
        /// It created an order.
        var isCreation: Bool { ["created", "tombstoned"].contains(effect) }
    }

    var entries: [Entry]

    /// The order's `POST`s and `PUT`s that wrote, or tried to.
    func writes(_ number: String) -> [Entry] { entries.filter { $0.isWrite && $0.storeNumber == number } }
}

extension SimulatorProcess {
    /// Every request so far but pings.
    func requests() async throws -> [SimulatorAudit.Entry] {
        try JSONDecoder().decode(SimulatorAudit.self, from: Data(try await audit())).entries
            .filter { $0.path != "/ping" && !$0.path.hasPrefix("/_simulator") }
    }

    /// The writing requests for one order so far.
    func writes(_ number: String) async throws -> [SimulatorAudit.Entry] {
        try await writes().filter { $0.storeNumber == number }
    }

    /// The writing requests so far, whatever came of them.
    func writes() async throws -> [SimulatorAudit.Entry] { try await requests().filter(\.isWrite) }
}
