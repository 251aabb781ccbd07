internal import Fleet

/// A printed body with every fault beside its value, or beside the nearest value around it when it is missing.
struct AnnotatedBody {
    let lines: [BodyPrinter.Line]
    private let notes: [Int: [String]]

    init(_ lines: [BodyPrinter.Line], _ faults: [LetterFault]) {
        self.lines = lines
        var places: [String: Int] = [:]
        for (index, line) in lines.enumerated() where places[line.pointer] == nil { places[line.pointer] = index }
        var notes: [Int: [String]] = [:]
        for fault in faults {
            var pointer = Substring(fault.pointer)
            while places[String(pointer)] == nil, let slash = pointer.lastIndex(of: "/") { pointer = pointer[..<slash] }
            guard let index = places[String(pointer)] else { continue }
            let isThere = pointer == fault.pointer
            notes[index, default: []].append(isThere ? fault.sentence : "\(fault.pointer): \(fault.sentence)")
        }
        self.notes = notes
    }

    /// The text, each fault on a line of its own under its value.
    func text(isColoured: Bool) -> String {
        lines.enumerated().map { index, line in
            let indent = String(line.text.prefix { $0 == " " })
            let notes = (notes[index] ?? []).map {
                Terminal.paint("\(indent)^ " + InertText.line($0), .red, if: isColoured) + "\n"
            }
            return line.text + "\n" + notes.joined()
        }.joined()
    }
}
