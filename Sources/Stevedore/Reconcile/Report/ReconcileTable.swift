internal import Fleet
internal import Storefront

/// Every finding as a row of a CSV file (RFC 4180), which no spreadsheet takes for a formula.
struct ReconcileTable: Sendable {
    private let file: ReportFile.Writer
    static let headings = [
        "kind", "object", "subject", "outcome", "explanation", "difference", "repair", "repairable", "new",
    ]

    init(path: String) throws(ProgramError) {
        file = try ReportFile.open(path)
        try file.write(Self.line(Self.headings))
    }

    func add(_ findings: [KeptFinding], of stream: ReconcileStream) throws(ProgramError) {
        try file.write(findings.map { Self.line($0.cells(of: stream)) }.joined())
    }

    /// The file is there, and takes the place of an earlier one.
    func finish() throws(ProgramError) { try file.finish() }

    /// An earlier file stays as it was.
    func discard() { file.discard() }

    /// The cells with commas between them, and a line end.
    static func line(_ cells: [String]) -> String {
        cells.map(cell).joined(separator: ",") + "\r\n"
    }

    /// A cell that begins as a formula would is text from its first character on.
    static func cell(_ text: String) -> String {
        let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]
        let isFormula = text.unicodeScalars.first.map(starts.contains) ?? false
        let inert = isFormula ? "'" + text : text
        guard inert.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return inert }
        // Scalar by scalar: a mark that joins a quote makes another letter of both.
        let quoted = inert.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "\"" { result.unicodeScalars.append(scalar) }
            result.unicodeScalars.append(scalar)
        }
        return "\"\(quoted)\""
    }
}

extension KeptFinding {
    fileprivate func cells(of stream: ReconcileStream) -> [String] {
        [
            stream.description, kind.rawValue, subject, outcome.rawValue, excuse ?? "", places, step,
            isPossible ? "yes" : "no", isNew.map { $0 ? "yes" : "no" } ?? "",
        ]
    }
}
