#if canImport(Glibc)
    internal import Glibc
#endif

/// Ends the process without any clean-up: for the second signal.
enum ImmediateExit {
    static func now() -> Never { _exit(130) }
}
