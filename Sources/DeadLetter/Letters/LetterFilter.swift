internal import ArgumentParser
internal import Fleet

/// Which dead letters are meant; what is not said does not matter.
struct LetterFilter: ParsableArguments {
    @Option(help: "Only of this flow, such as orders.to-erp.")
    var flow: String?

    @Option(help: "Only with this code; `malformed.*` means all that start with `malformed.`.")
    var code: String?

    @Option(help: "Only of this category: malformed, rejected, transient, unavailable or poison.")
    var category: String?

    @Option(
        help:
            "Only in this queue, such as orders.to-erp.dead; `unrouted` is what no queue wanted when it was published.")
    var queue: String?

    @Option(help: "Only of this message type.")
    var type: String?

    @Option(help: "Only of this business key, such as an order number.")
    var subject: String?

    func validate() throws {
        if let flow, !FleetTopology.flows.contains(flow) {
            throw ValidationError(
                "there is no flow \(flow); the flows are \(FleetTopology.flows.joined(separator: ", "))")
        }
        if let queue, LetterSource(queue: queue) == nil {
            let names = LetterSource.all.map(\.queue).joined(separator: ", ")
            throw ValidationError("there are no letters in a queue \(queue), but in \(names)")
        }
        if let queue, let flow, LetterSource(queue: queue)?.flow != flow {
            throw ValidationError("no letter of \(flow) lies in \(queue): leave one of the two out")
        }
        if let category, Failure.Category(rawValue: category) == nil {
            let names = Failure.Category.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no category \(category); the categories are \(names)")
        }
    }

    /// Where to look. What was unrouted is only meant when it is named: it is no failure of the message.
    var sources: [LetterSource] {
        if let source = queue.flatMap(LetterSource.init(queue:)) { return [source] }
        return (flow.map { [$0] } ?? FleetTopology.flows).map { .dead(flow: $0) }
    }

    /// Everywhere, the likely place first.
    static func everywhere(first flow: String?) -> [LetterSource] {
        LetterSource.all.filter { $0.flow == flow } + LetterSource.all.filter { $0.flow != flow }
    }

    func matches(_ letter: Letter) -> Bool { matches(LetterRow(letter)) }

    func matches(_ row: LetterRow) -> Bool {
        sources.contains { $0.flow == row.flow } && matches(code: row.code)
            && (category == nil || category == row.category) && (type == nil || type == row.type)
            && (subject == nil || subject == row.subject)
    }

    private func matches(code: String) -> Bool {
        guard let wanted = self.code else { return true }
        return wanted.hasSuffix("*") ? code.hasPrefix(wanted.dropLast()) : code == wanted
    }
}
