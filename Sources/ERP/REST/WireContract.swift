internal import Models

/// The last look at an object before the port hands it on: what breaks its contract would only become a dead letter.
enum WireContract {
    /// What an envelope may have besides the subject and the revision: traces, and the id of a letter that is replayed.
    private static let envelopeBytes = 2_048

    /// The object, when it keeps its contract.
    static func kept<Object: Payload>(_ object: Object) throws(WireFault) -> Object {
        try checkLength(of: object)
        guard let fault = object.contractFaults.first else { return object }
        throw WireFault(String(place(of: fault).prefix(200)), says(fault))
    }

    /// The object without what is wrong in it, when nothing is left that breaks its contract. Only for objects that promise
    /// nobody more when a part is missing: a price without its end, or an account without its limit, would.
    ///
    /// `parts` are those that only the contract can judge, by their names in the message: where the ERP has them.
    static func mended<Object: Payload>(
        _ object: Object, _ gaps: inout WireGaps, parts: [String: String]
    ) throws(WireFault) -> Object {
        let faults = object.contractFaults
        for fault in faults {
            let part = parts[String(place(of: fault).prefix { $0 != "/" })] ?? String(place(of: fault))
            gaps.add(part, WireFault(part, says(fault)))
        }
        return try kept(faults.isEmpty ? object : object.mended())
    }

    /// Fails when the object's message is longer than workers read.
    static func checkLength(of object: some Payload) throws(WireFault) {
        let envelope = Envelope(
            id: "", source: "", type: "", subject: object.subject, time: .epoch, revision: object.revision)
        let (length, limit) = (MessageWriter().write(envelope, object).count, MessageReader.Limits().bytes)
        guard length + envelopeBytes > limit else { return }
        throw WireFault("", "makes a message of about \(length + envelopeBytes) bytes, and at most \(limit) are read")
    }

    private static func place(of fault: Fault) -> Substring {
        fault.pointer.hasPrefix("/data/") ? fault.pointer.dropFirst("/data/".count) : fault.pointer[...]
    }

    private static func says(_ fault: Fault) -> String { "breaks the contract: \(fault.sentence)" }
}

/// Keys in a list that needs all of them, without what surrounds them.
enum WireKeys {
    /// Fails at the first that is none.
    static func all(_ texts: [String]?, _ path: String) throws(WireFault) -> [String] {
        var keys: [String] = []
        for (index, text) in (texts ?? []).enumerated() { keys.append(try WireText.key(text, "\(path)/\(index)")) }
        return keys
    }
}
