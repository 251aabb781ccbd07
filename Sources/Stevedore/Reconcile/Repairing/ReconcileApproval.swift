internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// A person's word for many repairs.
enum ReconcileApproval {
    /// So many need none.
    static let unasked = 1_000

    /// Asks at a terminal; where there is none, an option has to say it.
    static func ask(_ count: Int) throws(ProgramError) {
        let deed = "repair \(Count.text(count, "object"))"
        guard isatty(0) == 1, Terminal.isInteractive(.error) else {
            throw ProgramError(
                code: "reconcile.needs-yes", sentence: "To \(deed) needs a person's word.",
                remedy: "Look at it without --repair, then add --yes, or --limit N for some of it.", exit: .usage)
        }
        Terminal.write("Go on and \(deed)? [y/N] ", to: .error)
        let answer = readLine() ?? ""
        guard ["y", "yes"].contains(answer.lowercased().filter { !$0.isWhitespace }) else {
            throw ProgramError(
                code: "reconcile.not-approved", sentence: "Nothing was changed.", remedy: "Answer y to go on.",
                exit: .failure)
        }
    }

    /// The person at the keyboard: `anna@console-2`.
    static var operatorName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        let host = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let account = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        return (ProgramLauncher.environment["SUDO_USER"] ?? account ?? "uid-\(getuid())") + "@" + host
    }
}
