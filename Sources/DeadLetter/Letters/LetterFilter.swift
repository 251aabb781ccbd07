internal import ArgumentParser
internal import Fleet

/// Which dead letters are meant; what is not said does not matter.
struct LetterFilter: ParsableArguments {
    @Option(help: "Only of this flow, such as orders.to-erp.")
    var flow: String?

    @Option(help: "Only with this code; `rejected.*` means all that start with `rejected.`.")
    var code: String?

    @Option(help: "Only of this message type.")
    var type: String?

    @Option(help: "Only of this business key, such as an order number.")
    var subject: String?

    func validate() throws {
        if let flow, !FleetTopology.flows.contains(flow) {
            throw ValidationError(
                "there is no flow \(flow); the flows are \(FleetTopology.flows.joined(separator: ", "))")
        }
    }

    /// The flows to look at.
    var flows: [String] { flow.map { [$0] } ?? FleetTopology.flows }

    /// All flows, the likely one first.
    static func allFlows(first: String?) -> [String] {
        FleetTopology.flows.filter { $0 == first } + FleetTopology.flows.filter { $0 != first }
    }

    func matches(flow: String, code: String, type: String?, subject: String?) -> Bool {
        (self.flow == nil || self.flow == flow) && matches(code: code) && (self.type == nil || self.type == type)
            && (self.subject == nil || self.subject == subject)
    }

    private func matches(code: String) -> Bool {
        guard let wanted = self.code else { return true }
        return wanted.hasSuffix("*") ? code.hasPrefix(wanted.dropLast()) : code == wanted
    }
}
