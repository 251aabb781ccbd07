import Foundation
import Models
import Testing

/// Messages to read, and edits to them.
enum Fixture {
    static let placed = Catalogue.examples(for: Catalogue.orderPlaced)[0].text
    static let status = Catalogue.examples(for: Catalogue.orderStatus)[1].text
    static let offline = Catalogue.examples(for: Catalogue.orderOffline)[0].text

    /// `text` with the JSON value `json` at `pointer`, or without that member when it is nil.
    static func edited(_ pointer: String, _ json: String?, in text: String = placed) throws -> [UInt8] {
        let root = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let value = try json.map {
            try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
        let edited = try edit(root, pointer.split(separator: "/").map(String.init)[...], value)
        return [UInt8](try JSONSerialization.data(withJSONObject: edited))
    }

    private static func edit(_ parent: Any, _ steps: ArraySlice<String>, _ value: Any?) throws -> Any {
        let (step, rest) = (try #require(steps.first), steps.dropFirst())
        if var object = parent as? [String: Any] {
            object[step] = rest.isEmpty ? value : try edit(try #require(object[step]), rest, value)
            return object
        }
        var array = try #require(parent as? [Any])
        let index = try #require(Int(step))
        array[index] = rest.isEmpty ? try #require(value) : try edit(array[index], rest, value)
        return array
    }

    /// The placed order with its text changed; the change has to apply.
    static func replacing(_ old: String, with new: String) throws -> [UInt8] {
        try #require(placed.contains(old))
        return Array(placed.replacingOccurrences(of: old, with: new).utf8)
    }

    /// The error that `body` is refused with.
    static func refusal(_ body: [UInt8], _ message: IncomingMessage = IncomingMessage()) -> ContractError? {
        do throws(ContractError) {
            _ = try MessageReader().read(body, message)
            return nil
        } catch {
            return error
        }
    }

    static func order(_ body: [UInt8]) throws -> Order {
        try #require(try MessageReader().read(body).payload as? Order)
    }
}

/// A fault as `pointer rule`, the two things that are stable about it.
func marks(_ error: ContractError?) -> [String] {
    (error?.faults ?? []).map { "\($0.pointer) \($0.rule)" }.sorted()
}

/// SplitMix64: repeats its numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
