/// A message's body, looked through for what it says of persons. What its contract refuses is looked through all the same,
/// because what cannot be read lies longest.
public struct PersonalMessage: Sendable {
    /// The body.
    public let body: [UInt8]
    /// Its type, by itself or by what came with it.
    public let type: String?
    /// Its id, when it says one.
    public let id: String?
    /// The business key, when it says one.
    public let subject: String?
    /// The object's revision, when it says one.
    public let revision: Int64?
    /// The account that it is about.
    public let account: String?
    /// What it says of persons, in its order; nothing of what has been erased before.
    public let texts: [PersonalText]
    /// Free texts, in which a person may be quoted.
    private let words: [Range<Int>]

    /// Nil when the body is no JSON: nobody can tell then what in it is a person's.
    /// - Parameter type: The type by the message's properties, for bodies without an envelope.
    public init?(_ body: [UInt8], type: String? = nil) {
        guard let look = try? PersonalWalker(body, nil) else { return nil }
        let isEnveloped = look.names["/specversion"] != nil || look.members["data"] != nil
        let prefix = isEnveloped ? "/data" : ""
        let known = (isEnveloped ? look.names["/type"] : nil) ?? type
        let tree = PersonalContract.tree(of: known)
        let root = isEnveloped ? tree : tree.member("data")
        guard let found = try? PersonalWalker(body, root, attributes: isEnveloped ? 1 : 0) else { return nil }
        self.body = body
        self.type = known
        id = isEnveloped ? look.names["/id"] : nil
        let keys = ["/number", "/account", "/id", "/sku"].lazy.compactMap { look.names[prefix + $0] }
        subject = (isEnveloped ? look.names["/subject"] : nil) ?? keys.first
        revision = (look.names["/revision"] ?? look.names["\(prefix)/revision"]).flatMap { Int64($0) }
        account = look.names["\(prefix)/customer/account"] ?? look.names["\(prefix)/account"]
        texts = found.personal
        words = found.words
    }

    /// The body without those texts, and without the words wherever else people read them in it; every other byte stays.
    /// Nil when there is nothing to erase. What is one word alone may be a code, so only what can be none is taken from it.
    public func erasing(_ texts: [PersonalText], quoting quoted: PersonalWords = PersonalWords()) -> [UInt8]? {
        var changes = texts.map { (range: $0.range, bytes: Array($0.replacement.utf8)) }
        if !quoted.isEmpty {
            for range in words {
                let said = JSONTextBytes.text(body[range])
                guard let text = quoted.erased(from: said, isSentence: said.contains(" ")) else { continue }
                changes.append((range, JSONTextBytes.string(text)))
            }
        }
        guard !changes.isEmpty else { return nil }
        var (result, end) = ([UInt8](), 0)
        result.reserveCapacity(body.count)
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            result += body[end..<change.range.lowerBound]
            result += change.bytes
            end = change.range.upperBound
        }
        return result + body[end...]
    }
}
