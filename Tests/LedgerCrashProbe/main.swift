// A program for the tests of the ledger to kill: it says on standard output what it has seen committed.
import Glibc
import Ledger

/// Writes a whole line at once, unbuffered: what has been said survives the death of the speaker.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

func code(of error: any Error) -> String { (error as? LedgerError)?.code ?? "\(error)" }

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    say("usage: LedgerCrashProbe commit|race|storm|migrate|zombie|limit|read-only <path> [<argument>]")
    exit(64)
}
let path = arguments[2]
let argument = arguments.count > 3 ? arguments[3] : ""

do {
    switch arguments[1] {
    case "commit": try await commitForEver()
    case "race": try await race(holder: argument)
    case "storm": try await storm()
    case "migrate": try migrate(killedAt: Int(argument) ?? 0)
    case "zombie": try await zombie()
    case "limit": try await limit()
    case "read-only": try openWithoutPrivileges()
    default: exit(64)
    }
} catch {
    say(code(of: error))
    exit(1)
}
