#if canImport(Glibc)
    internal import Glibc
#endif

/// How many files and connections the process may have open.
///
/// A worker looks at its start: libraries below it end the process when they find none left, without a sentence.
enum DescriptorLimit {
    /// Some 40 are open when nothing happens, 3 for each processor, and one for each call in hand.
    static let least: UInt = 256
    /// More than a worker ever has.
    private static let enough: UInt = 65_536

    /// Raises the limit as far as this user may.
    /// - Throws: when it stays too low for a worker.
    static func raise() throws(ProgramError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, enough)
        if limit.rlim_cur < wanted {
            var raised = rlimit(rlim_cur: wanted, rlim_max: limit.rlim_max)
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < least else { return }
        throw ProgramError(
            code: "start.too-few-files",
            sentence: "This process may have only \(limit.rlim_cur) files and connections open, and needs \(least).",
            remedy: "Raise the limit: `ulimit -n`, or `LimitNOFILE=` of the service.", exit: .configuration)
    }
}
