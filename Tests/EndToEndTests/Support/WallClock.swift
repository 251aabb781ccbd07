import FleetTesting
import Glibc

/// The wall clock of programs that are started in its environment: an hour ahead, say, and back again while they run.
struct WallClock {
    static var isPossible: Bool { access(compiler, X_OK) == 0 }

    private static let compiler = "/usr/bin/cc"
    private let library: String
    private let file: String

    /// Shows the true time at first.
    init(_ directory: TemporaryDirectory) async throws {
        (library, file) = (directory.file("wall-clock.so"), directory.file("wall-clock"))
        try set(0)
        let source = BuiltProducts.checkout + "/Tests/EndToEndTests/Support/WallClock.c"
        try await ChildProcess.run(Self.compiler, arguments: ["-O2", "-shared", "-fPIC", "-o", library, source])
    }

    /// With a time zone that has summer time, too.
    var environment: [String: String] {
        ["LD_PRELOAD": library, "WALL_CLOCK": file, "TZ": "America/New_York"]
    }

    /// Sets it so many seconds beside the true time, for running programs as well, which have the file in their memory.
    func set(_ seconds: Int64) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let written = withUnsafeBytes(of: seconds) { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == 8 else { throw RigError.unexpectedAnswer("\(file) cannot be written: \(errno)") }
    }
}
