internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// The editor of the person at the keyboard.
struct Editor {
    /// A command of the shell, such as `code --wait`.
    let command: String

    /// From VISUAL, else EDITOR.
    init(_ environment: [String: String] = ProgramLauncher.environment) throws(ProgramError) {
        let commands = ["VISUAL", "EDITOR"].compactMap { environment[$0] }
        guard let command = commands.first(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            throw ProgramError(
                code: "dead-letter.no-editor", sentence: "Neither VISUAL nor EDITOR names an editor.",
                remedy: "Set one of them, or say what to change with --patch.", exit: .usage)
        }
        self.command = command
    }

    /// Opens the file and returns when the person is done with it. Blocks its thread meanwhile: nothing else goes on.
    func open(_ path: String) throws(ProgramError) {
        // Ctrl-C is the editor's business while it is open.
        let interrupt = signal(SIGINT, SIG_IGN)
        let quit = signal(SIGQUIT, SIG_IGN)
        defer {
            signal(SIGINT, interrupt)
            signal(SIGQUIT, quit)
        }
        guard let process = start(path) else { throw failure("cannot be started") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw failure("was lost sight of") }
        }
        guard status == 0 else {
            let (killer, code) = (status & 0x7F, status >> 8 & 0xFF)
            throw failure(killer == 0 ? "ended with exit code \(code)" : "was ended by signal \(killer)")
        }
    }

    /// With our streams, in our process group, and the signals of a fresh program.
    private func start(_ path: String) -> pid_t? {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // The shell splits the command; the path is never part of its text.
        let words = ["sh", "-c", command + " \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            ProgramLauncher.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, "/bin/sh", nil, &attributes, &arguments, &variables)
        return code == 0 ? process : nil
    }

    private func failure(_ what: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.editor",
            sentence: "The editor \(InertText.line(command)) \(what); nothing was changed.",
            remedy: "See that it runs in this terminal, or say what to change with --patch.", exit: .failure)
    }
}
