/// The texts of a JSON object and where in its bytes they stand, so that some of them can be replaced and every other byte
/// stays as it is.
package struct JSONMembers: Sendable {
    /// A text further down, or at the root, that is no member of its own here.
    package struct Quoted: Sendable {
        /// Where it stands, as a JSON pointer; empty where that is in a list, or far down.
        package let place: String
        package let text: String
        package let range: Range<Int>
    }

    /// The values of the root's members, whatever they are.
    package let ranges: [String: Range<Int>]
    /// Those that are texts or numbers.
    package let texts: [String: String]
    /// Every text but those of the members `body` and `bodyBase64`.
    package let quoted: [Quoted]

    /// Nil when the bytes are no JSON object.
    package init?(_ bytes: [UInt8]) {
        guard let walk = try? PersonalWalker(bytes, nil), !walk.members.isEmpty else { return nil }
        ranges = walk.members
        texts = Dictionary(
            walk.members.keys.compactMap { name in
                walk.names["/" + PathStep.escaped(name)].map { (name, $0) }
            }, uniquingKeysWith: { first, _ in first })
        let bodies = ["body", "bodyBase64"].compactMap { walk.members[$0] }
        quoted = zip(walk.words, walk.places).filter { !bodies.contains($0.0) }.map { range, place in
            Quoted(place: place, text: JSONTextBytes.text(bytes[range]), range: range)
        }
    }

    /// The JSON string that says a text, quotes included.
    package static func string(_ text: String) -> [UInt8] { JSONTextBytes.string(text) }
}
