/// Something that a message says of a person, and where in its bytes.
public struct PersonalText: Hashable, Sendable {
    /// The place, as a JSON pointer.
    public let pointer: String
    /// What it says.
    public let kind: PersonalKind
    /// The texts: one, or the lines of a list.
    public let texts: [String]
    /// The bytes of the value, quotes included.
    let range: Range<Int>
    /// The JSON that takes its place.
    let replacement: String

    /// The place of the object in which it stands: what is said there is said of the same person.
    public var owner: Substring { pointer[..<(pointer.lastIndex(of: "/") ?? pointer.startIndex)] }
}
