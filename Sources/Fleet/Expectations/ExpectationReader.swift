internal import Models

/// Reads `expectations` out of the settings, with every fault at its place.
struct ExpectationReader {
    /// How the store is told: what nothing tells cannot be expected.
    private let adapters: Set<StorefrontAdapter>
    private(set) var faults: [(place: String, reason: String)] = []

    init(adapters: Set<StorefrontAdapter>) {
        self.adapters = adapters
    }

    /// What is declared, in the order of the file; what is faulty is left out.
    mutating func read(_ node: YAMLNode, at place: String) -> [Expectation] {
        guard case .mapping(let members) = node else {
            fault(place, "must be names with a declaration each, such as `order-answered: {after: …, within: 15m}`")
            return []
        }
        var expectations: [Expectation] = []
        for member in members {
            let name = member.name.text ?? ""
            guard Self.isName(name) else {
                fault(place, "`\(member.name.line)` is no name: letters a to z, digits and `-`, 64 at most")
                continue
            }
            if let one = declaration(name, member.value, at: "\(place).\(name)") { expectations.append(one) }
        }
        return expectations
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    // MARK: - One declaration

    private static let ofPairs = ["after", "when", "expect", "within", "severity", "while"]
    private static let ofHeartbeats = ["heartbeat", "every", "severity", "while"]

    private mutating func declaration(_ name: String, _ node: YAMLNode, at place: String) -> Expectation? {
        guard let values = members(of: node, at: place) else { return nil }
        let isHeartbeat = values["heartbeat"] != nil || (values["every"] != nil && values["after"] == nil)
        checkMembers(values, isHeartbeat, at: place)
        let kind = isHeartbeat ? heartbeat(values, at: place) : pair(values, at: place)
        let time = duration(values, isHeartbeat ? "every" : "within", at: place)
        let severity = choice(values, "severity", Alert.Severity.error, at: place)
        let condition = choice(values, "while", ExpectationCondition.erp, at: place)
        guard let kind, let time else { return nil }
        return Expectation(name: name, kind: kind, within: time, condition: condition, severity: severity)
    }

    private mutating func members(of node: YAMLNode, at place: String) -> [String: YAMLNode]? {
        guard case .mapping(let members) = node else {
            fault(
                place, "must be `{after: TYPE, expect: TYPE, within: TIME}` or `{heartbeat: TYPE, every: TIME}`")
            return nil
        }
        return members.reduce(into: [:]) { values, member in values[member.name.line] = member.value }
    }

    private mutating func checkMembers(_ values: [String: YAMLNode], _ isHeartbeat: Bool, at place: String) {
        let (mine, others) = isHeartbeat ? (Self.ofHeartbeats, Self.ofPairs) : (Self.ofPairs, Self.ofHeartbeats)
        for name in values.keys.sorted() where !mine.contains(name) {
            if others.contains(name) {
                fault("\(place).\(name)", "does not belong beside `\(isHeartbeat ? "heartbeat" : "after")`")
            } else {
                fault("\(place).\(name)", "is unknown here: " + Self.meant(name, mine))
            }
        }
    }

    // MARK: - What is expected

    private mutating func pair(_ values: [String: YAMLNode], at place: String) -> Expectation.Kind? {
        let after = texts(values, "after", at: place).compactMap { type($0, at: "\(place).after") }
        let expected = texts(values, "expect", at: place)
        if expected.count > 1 { fault("\(place).expect", "must be one message type") }
        guard let text = expected.first, let expect = type(text, at: "\(place).expect") else { return nil }
        let openers = ExpectationPair.openers(of: expect)
        for type in after where !openers.contains(type) {
            fault(
                place,
                "nothing tells whether \(expect) answers \(type); there can be expected \(ExpectationPair.text)")
        }
        guard !after.isEmpty, after.allSatisfy({ openers.contains($0) }) else { return nil }
        let types = Set(after.map(\.name))
        guard expect == Catalogue.shipment else {
            if values["when"] != nil { fault("\(place).when", "belongs to \(Catalogue.shipment) alone") }
            return .answer(after: types)
        }
        checkTables(at: place)
        return .shipments(after: types, when: states(values, at: place))
    }

    /// Posts leave no trace of which order a shipment is of.
    private mutating func checkTables(at place: String) {
        guard !adapters.contains(.database) else { return }
        fault(
            "\(place).expect",
            "\(Catalogue.shipment) can only be expected where the store's tables tell of which order a shipment is: "
                + "add `database` to `storefront.adapters`")
    }

    private mutating func states(_ values: [String: YAMLNode], at place: String) -> Set<OrderStatus.State> {
        guard values["when"] != nil else { return [.shipped, .partiallyShipped] }
        let ended = Expectation.withoutShipping
        let words = OrderStatus.State.allCases.filter { !ended.contains($0) }.map(\.rawValue)
        let texts = texts(values, "when", at: place)
        for text in texts where !words.contains(text) {
            let isEnd = ended.contains { $0.rawValue == text }
            fault(
                "\(place).when",
                isEnd
                    ? "nothing leaves of an order that is `\(text)`: there are \(words.joined(separator: ", "))"
                    : "`\(text)` is no state of an order: " + Self.meant(text, words))
        }
        return Set(texts.compactMap { OrderStatus.State(rawValue: $0) })
    }

    private mutating func heartbeat(_ values: [String: YAMLNode], at place: String) -> Expectation.Kind? {
        let beats = texts(values, "heartbeat", at: place)
        if beats.count > 1 { fault("\(place).heartbeat", "must be one message type, or one stream of the feed") }
        guard let text = beats.first else { return nil }
        guard text.hasPrefix(Expectation.feedPrefix) else {
            return type(text, at: "\(place).heartbeat").map { .message($0.name) }
        }
        let stream = String(text.dropFirst(Expectation.feedPrefix.count))
        let kind = String(stream.prefix { $0 != "/" })
        guard Self.streams.contains(kind), kind == stream || kind == "stock" else {
            let names = Self.streams.map { Expectation.feedPrefix + $0 }
            fault("\(place).heartbeat", "the feed has no stream `\(stream)`: " + Self.meant(text, names))
            return nil
        }
        return .feed(stream)
    }

    /// What the feed reads; of stock also each warehouse, `stock/EAST`.
    private static let streams = ["orders", "products", "stock", "prices", "customers", "shipments"]
}

// MARK: - Values

extension ExpectationReader {
    private mutating func type(_ name: String, at place: String) -> MessageType? {
        guard let type = Catalogue.type(named: name) else {
            fault(place, "there is no message type `\(name)`: " + Self.meant(name, Catalogue.types.map(\.name)))
            return nil
        }
        guard !type.isQuestion, !type.isReply else {
            fault(place, "`\(name)` is forgotten once it is answered, so nothing can be expected of it")
            return nil
        }
        return type
    }

    /// A text or a list of texts; at least one.
    private mutating func texts(_ values: [String: YAMLNode], _ name: String, at place: String) -> [String] {
        guard let node = values[name] else {
            fault("\(place).\(name)", "is missing")
            return []
        }
        let texts = node.texts ?? node.text.map { [$0] } ?? []
        let isWhole = if case .sequence(let elements) = node { elements.count == texts.count } else { true }
        guard isWhole, !texts.isEmpty, !texts.contains("") else {
            fault("\(place).\(name)", "must be a text, or a list of texts")
            return []
        }
        return texts
    }

    private mutating func duration(_ values: [String: YAMLNode], _ name: String, at place: String) -> Duration? {
        guard let node = values[name] else {
            fault("\(place).\(name)", "is missing: a number with a unit, such as 15m or 24h")
            return nil
        }
        guard let text = node.text, let duration = Duration(configured: text),
            (Duration.seconds(1) ... .seconds(366 * 86_400)).contains(duration)
        else {
            fault("\(place).\(name)", "is `\(node.line)`, but must be from 1s to 8784h, such as 15m or 24h")
            return nil
        }
        return duration
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ values: [String: YAMLNode], _ name: String, _ standard: Choice, at place: String
    ) -> Choice {
        guard let node = values[name] else { return standard }
        if let choice = node.text.flatMap({ Choice(rawValue: $0) }) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        fault("\(place).\(name)", "is `\(node.line)`, but must be one of " + words.joined(separator: ", "))
        return standard
    }

    /// `did you mean …?`, or all there are.
    private static func meant(_ text: String, _ words: [String]) -> String {
        Spelling.nearest(to: text, among: words, within: 3).map { "did you mean `\($0)`?" }
            ?? "there are " + words.joined(separator: ", ")
    }

    private mutating func fault(_ place: String, _ reason: String) {
        faults.append((place, reason))
    }
}
