internal import Models

/// The last look at an object before the port hands it on: what breaks its contract would only become a dead letter.
enum WireContract {
    /// The object, when it keeps its contract.
    static func kept<Object: Payload>(_ object: Object) throws(WireFault) -> Object {
        guard let fault = object.contractFaults.first else { return object }
        let place = fault.pointer.hasPrefix("/data/") ? fault.pointer.dropFirst("/data/".count) : fault.pointer[...]
        throw WireFault(String(place.prefix(200)), "breaks the contract: \(fault.sentence)")
    }

    /// The object without what is wrong in it, when nothing is left that breaks its contract. Only for objects that promise
    /// nobody more when a part is missing: a price without its end, or an account without its limit, would.
    static func mended<Object: Payload>(_ object: Object) throws(WireFault) -> Object {
        try kept(object.mended())
    }
}

/// A list of which each element may be unreadable by itself; those are left out.
struct WireList<Element: Decodable>: Decodable {
    private var parts: [Part<Element>]

    init(from decoder: any Decoder) throws {
        parts = try [Part<Element>](from: decoder)
    }

    var elements: [Element] { parts.compactMap(\.value) }
}

/// Keys in a list, without what surrounds them.
enum WireKeys {
    /// Fails at the first that is none.
    static func all(_ texts: [String]?, _ path: String) throws(WireFault) -> [String] {
        var keys: [String] = []
        for (index, text) in (texts ?? []).enumerated() { keys.append(try WireText.key(text, "\(path)/\(index)")) }
        return keys
    }

    /// Those that are keys.
    static func readable(_ list: Part<WireList<String>>?) -> [String] {
        (list?.value?.elements ?? []).compactMap { try? WireText.key($0, "") }
    }
}
