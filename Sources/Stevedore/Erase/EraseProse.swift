internal import Fleet

/// What beside a body people read, so that a person may be quoted there. All else is read by machines: keys, codes, types,
/// price lists, what a queue is called. A word in there is no person's, whatever the person is called.
enum EraseProse {
    /// The columns of the ledger's file that hold sentences, whichever table they are in.
    static let columns: Set<String> = [
        "sentence", "remedy", "note", "detail", "reason", "hold_reason", "diff", "last_failure",
    ]
    /// Columns of which only the person's own e-mail addresses go: the record of what people did has to stay what it was,
    /// and a recipe has to go on doing what it does.
    static let addressesOnly: Set<String> = ["operator_action.reason", "operator_action.detail", "recipe.patch"]
    /// Members of a line of an export.
    private static let members: Set<String> = ["sentence", "remedy", "note", "faults"]
    private static let headers: Set<String> = [
        MessageHeader.sentence, MessageHeader.remedy, MessageHeader.faults, MessageHeader.replayReason,
    ]
    private static let machineHeaders: Set<String> = [
        "traceparent", "tracestate", "baggage", "content-type", "content_type", "type", "subject", "id", "cc", "bcc",
    ]
    private static let machinePrefixes = [
        "stevedore-", "cloudevents", "ce-", "ce_", "x-death", "x-first-death-", "x-last-death-",
    ]

    /// How a text is looked through.
    enum Reading: Hashable, Sendable {
        /// It is a sentence.
        case sentence
        /// It may be a code or a sentence; nobody knows what a producer's own header is for.
        case unknown
        /// It is for machines, and stays as it is.
        case machine
    }

    static func reading(header name: String) -> Reading {
        if headers.contains(name) { return .sentence }
        let folded = name.lowercased()
        let isMachines = machineHeaders.contains(folded) || machinePrefixes.contains { folded.hasPrefix($0) }
        return isMachines ? .machine : .unknown
    }

    /// - Parameter name: As kept beside a body, `headers.` before the name of a header.
    static func reading(property name: String) -> Reading {
        let prefix = "headers."
        return name.hasPrefix(prefix) ? reading(header: String(name.dropFirst(prefix.count))) : .machine
    }

    /// - Parameter place: A place in a line of an export, as a JSON pointer.
    static func reading(place: String) -> Reading {
        let steps = place.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        // Headers of which one stands there twice are a list, in which places have no names.
        guard let first = steps.first else { return .unknown }
        if first == "headers" {
            guard let name = steps.dropFirst().first else { return .machine }
            return reading(header: String(name.replacing("~1", with: "/").replacing("~0", with: "~")))
        }
        return steps.count == 1 && members.contains(String(first)) ? .sentence : .machine
    }
}
