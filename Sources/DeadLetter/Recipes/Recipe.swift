internal import Fleet
internal import Ledger

/// A patch that is kept under a name, for all letters of one cause.
struct Recipe: Hashable, Sendable {
    var name: String
    /// A JSON Patch on one line, its numbers and strings as they were written.
    var patch: String
    /// What it mends.
    var note: String
    var savedBy: String
    /// In microseconds since 1970.
    var savedAt: Int64

    /// In bytes; the record of who saved it has the patch as well.
    static let largest = 64 << 10

    /// From 1 to 64 letters, digits, `-`, `_` and `.`, as fits a command line and a script.
    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { characters.contains($0) }
    }

    private static let characters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.".utf8)

    /// Whether both change the same in the same order.
    func hasSamePatch(as other: Recipe) -> Bool { patch.utf8.elementsEqual(other.patch.utf8) }

    /// The patch, read.
    func operations() throws(ProgramError) -> JSONPatch {
        do throws(JSONFault) {
            return try JSONPatch(parsing: Array(patch.utf8))
        } catch {
            throw ProgramError(
                code: "dead-letter.recipe",
                sentence: InertText.line("The recipe \(name) cannot be read: \(error.reason)."),
                remedy: "Save it again with `dead-letter recipes save … --replace`.", exit: .failure)
        }
    }
}

extension Recipe {
    /// From a row with the columns in the order of the table.
    init(_ row: borrowing SQLRow) {
        self.init(
            name: row.text(0), patch: row.text(1), note: row.text(2), savedBy: row.text(3), savedAt: row.integer(4))
    }
}
