internal import Models

/// Reads what an object can do without, and remembers what of it can not be read. What is absent, null or a blank text says
/// nothing, which is no fault: some ERPs have a column for everything.
struct WireGaps {
    /// Where the object stands in the answer, like `changes/0`: what the decoder finds begins there.
    private let row: String
    private var omissions: [IncompleteChange.Omission] = []
    private var hasMore = false

    init(row: String = "") {
        self.row = row
    }

    /// What is missing of the object with this key; nil when nothing is.
    func change(key: String, revision: Int64) -> IncompleteChange? {
        omissions.isEmpty
            ? nil : IncompleteChange(key: key, revision: revision, omissions: omissions, hasMore: hasMore)
    }

    /// Remembers that the part at `path`, like `shipTos/0`, is left out.
    mutating func add(_ path: String, _ fault: WireFault) {
        guard omissions.count < IncompleteChange.maximumOmissions else {
            hasMore = true
            return
        }
        omissions.append(IncompleteChange.Omission(part: "/" + path, reason: fault.seen(from: row).description))
    }
}

extension WireGaps {
    /// A part that is more than a text. What can not be read in it is told only when the part itself is kept.
    mutating func read<Wire: WirePart>(_ part: Part<Wire>?, _ path: String) -> Wire.Value? {
        let before = self
        do throws(WireFault) {
            return try part?.result.get().value(path, &self)
        } catch {
            self = before
            add(path, error)
            return nil
        }
    }

    /// Those elements of a list that can be read.
    mutating func list<Wire: WirePart>(_ list: Part<WireList<Wire>>?, _ path: String) -> [Wire.Value] {
        var values: [Wire.Value] = []
        for (index, part) in (taken(list, path)?.parts ?? []).enumerated() {
            if let value = read(part, "\(path)/\(index)") { values.append(value) }
        }
        return values
    }

    /// What `reader` makes of a text.
    mutating func text<Value>(
        _ part: Part<String>?, _ path: String, _ reader: (String, String) throws(WireFault) -> Value
    ) -> Value? {
        text(given: taken(part, path), path, reader)
    }

    /// The same of a text that is known to be one.
    mutating func text<Value>(
        given text: String?, _ path: String, _ reader: (String, String) throws(WireFault) -> Value
    ) -> Value? {
        guard let text, !WireText.isBlank(text) else { return nil }
        do throws(WireFault) {
            return try reader(text, path)
        } catch {
            add(path, error)
            return nil
        }
    }

    /// A quantity above zero; zero says nothing, like a blank.
    mutating func quantity(_ part: Part<String>?, _ path: String) -> ExactDecimal? {
        text(part, path, WireQuantity.read).flatMap { $0.isZero ? nil : $0 }
    }

    /// Free text, made to fit: whatever is a text can be read.
    mutating func free(_ part: Part<String>?, _ path: String, atMost limit: Int) -> String? {
        taken(part, path).map { WireText.free($0, atMost: limit) }
    }

    private mutating func taken<Value: Decodable>(_ part: Part<Value>?, _ path: String) -> Value? {
        do throws(WireFault) {
            return try part?.result.get()
        } catch {
            add(path, error)
            return nil
        }
    }
}
