import FleetTesting
import FoundationEssentials

/// What a running process has open.
struct OpenFiles: CustomStringConvertible {
    /// How often the ledger's files are open. What copies its log opens them when the log is long for the first time.
    let ofLedger: Int
    /// Connections, pipes and everything else.
    let others: Int

    init(of process: ChildProcess, ledger path: String) throws {
        let folder = "/proc/\(process.processIdentifier)/fd"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        // One that is closed meanwhile leads nowhere any more.
        let targets = names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        ofLedger = targets.filter { $0.hasPrefix(path) }.count
        others = targets.count - ofLedger
    }

    var description: String { "\(ofLedger) of the ledger, \(others) others" }
}
