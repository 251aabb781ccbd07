#if canImport(Glibc)
    internal import Glibc
#endif

/// Ends the process without any clean-up.
enum ImmediateExit {
    /// For the second signal.
    static func now() -> Never { _exit(130) }

    /// At the end of a program. OpenSSL's exit handler frees what threads that are just ending free as well, so that a
    /// program whose work was done crashed now and then; nothing needs the handlers.
    static func afterPrinting(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }
}
