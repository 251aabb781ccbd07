internal import CSQLite
internal import Glibc

/// How long a connection waits: for other writers' locks, and for its own reads.
///
/// SQLite's own waiting sleeps up to 100 ms at a time, which starves a writer among many; this one sleeps short, random times.
final class Patience {
    let limit: Duration
    private(set) var readLimit: Duration = .zero
    private var waitUntil: ContinuousClock.Instant
    private var readUntil: ContinuousClock.Instant?
    /// A shorter limit than usual, for a wait that is merely useful.
    private var shortened: Duration?
    private var seed: UInt64

    init(limit: Duration) {
        self.limit = limit
        waitUntil = .now
        seed = UInt64.random(in: 1 ... .max)
    }

    /// SQLite keeps the pointer unretained: the connection that owns this value closes its handle first.
    func install(on handle: OpaquePointer) {
        let wait: @convention(c) (UnsafeMutableRawPointer?, Int32) -> Int32 = { context, attempt in
            Patience.from(context)?.mayWait(attempt: attempt) == true ? 1 : 0
        }
        sqlite3_busy_handler(handle, wait, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Watches the deadline of reads, every 10,000 steps of SQLite's machine.
    func watchReads(on handle: OpaquePointer) {
        let watch: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { context in
            Patience.from(context)?.readIsOver == true ? 1 : 0
        }
        sqlite3_progress_handler(handle, 10_000, watch, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Patience? {
        context.map { Unmanaged<Patience>.fromOpaque($0).takeUnretainedValue() }
    }

    func startRead(limit: Duration) {
        readLimit = limit
        readUntil = .now + limit
    }

    func endRead() { readUntil = nil }

    /// Runs `body` with a shorter patience.
    func shortened<Result>(to limit: Duration, _ body: () -> Result) -> Result {
        shortened = limit
        defer { shortened = nil }
        return body()
    }

    private var readIsOver: Bool { readUntil.map { $0 < .now } ?? false }

    private func mayWait(attempt: Int32) -> Bool {
        if attempt == 0 { waitUntil = .now + (shortened ?? limit) }
        guard ContinuousClock.now < waitUntil else { return false }
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        usleep(100 &+ UInt32(truncatingIfNeeded: seed >> 33) % (attempt < 20 ? 900 : 2_400))
        return true
    }
}
