internal import Fleet

/// A JSON Patch that a person hands over in a file, or on standard input.
struct PatchFile: Sendable {
    let patch: JSONPatch
    /// The document on one line, its numbers and strings as they were written.
    let text: String

    /// Reads and checks it; `-` is standard input.
    static func read(_ path: String, limit: Int = 16 << 20) throws(ProgramError) -> PatchFile {
        let contents = try InputFile.read(path, limit: limit)
        do throws(JSONFault) {
            return PatchFile(
                patch: try JSONPatch(parsing: contents), text: try JSONTree(parsing: contents).text)
        } catch {
            throw noPatch(path, error.reason)
        }
    }

    /// For many letters: one without operations would change none of them.
    static func readForMany(_ path: String, limit: Int = 16 << 20) throws(ProgramError) -> PatchFile {
        let file = try read(path, limit: limit)
        guard !file.patch.operations.isEmpty else { throw noPatch(path, "it has no operations") }
        return file
    }

    private static func noPatch(_ path: String, _ reason: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.patch",
            sentence: InertText.line("\(path == "-" ? "Standard input" : path) is no JSON Patch: \(reason)."),
            remedy: "RFC 6902 has the form: [{\"op\": \"replace\", \"path\": \"/data/number\", \"value\": \"W-1\"}].",
            exit: .usage)
    }
}
