import Glibc
import Ledger

/// Eight writers commit subjects one after the other and say each number once its write has returned, with the size that
/// the write-ahead log had then.
func commitForEver() async throws {
    let ledger = try Ledger.open(path: path)
    say("ready")
    try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
            group.addTask {
                for turn in 0..<100_000 {
                    let number = turn * 8 + writer
                    try await ledger.write { try record(number, in: $0) }
                    say("\(number) \(logSize())")
                }
            }
        }
        try await group.waitForAll()
    }
}

private func logSize() -> Int {
    var status = stat()
    return stat(path + "-wal", &status) == 0 ? Int(status.st_size) : 0
}

/// One message's worth of rows: claim, effect, journal and follow-up, all or nothing.
private func record(_ number: Int, in transaction: LedgerTransaction) throws {
    let key = ClaimKey(
        family: "order", subject: "S-\(number)", revision: 1, hash: ContentDigest(high: UInt64(number), low: 7))
    let claim = try transaction.claim(key, holder: "probe", lease: .seconds(30), now: 1)
    guard case .claimed(let fence) = claim else { throw LedgerError.closed }
    try transaction.complete(key, fence: fence, state: "accepted", reference: "E-\(number)", now: 1)
    try transaction.journal(
        JournalEntry(at: 1, messageID: "m-\(number)", subject: key.subject, stage: "apply", code: "done"))
    try transaction.enqueueOutbox(
        OutboxMessage(
            id: "o-\(number)", exchange: "commerce", routingKey: "order.status.v1", contentType: "application/json",
            type: "order.status.v1", subject: key.subject, revision: 1,
            body: [UInt8](repeating: 42, count: 500)), at: 1)
}

/// Claims 200 subjects that another process claims at the same time; says which ones it won.
func race(holder: String) async throws {
    let ledger = try Ledger.open(path: path)
    say("ready")
    _ = readLine()
    for number in 0..<200 {
        let key = ClaimKey(
            family: "order", subject: "R-\(number)", revision: 1, hash: ContentDigest(high: 1, low: 1))
        let claim = try await ledger.write {
            try $0.claim(key, holder: holder, lease: .seconds(3600), now: 1_000_000)
        }
        if case .claimed = claim { say("\(number)") }
    }
    await ledger.close()
}

/// Writes 50 times as fast as it can while others do the same; says its longest wait in milliseconds.
func storm() async throws {
    let ledger = try Ledger.open(path: path)
    say("ready")
    _ = readLine()
    var longest = Duration.zero
    for number in 0..<50 {
        let start = ContinuousClock.now
        try await ledger.write {
            let value = try $0.nextRevision(family: "storm", subject: "all")
            try $0.journal(JournalEntry(at: value, subject: "storm-\(number)", stage: "storm", code: "ok"))
        }
        longest = max(longest, ContinuousClock.now - start)
    }
    say("\(Int(longest / .milliseconds(1)))")
    await ledger.close()
}

/// Brings the file to version 3 and is killed inside one of the steps.
func migrate(killedAt number: Int) throws {
    let steps = (1...3).map {
        LedgerMigration(
            number: $0, name: "step \($0)", script: "CREATE TABLE t\($0) (a); INSERT INTO t\($0) VALUES (1)")
    }
    _ = try Ledger.open(path: path, options: .init(), migrations: steps) { migration in
        if migration.number == number { kill(getpid(), SIGKILL) }
    }
    say("done")
}

/// Claims a subject, is stopped while the lease runs out, and then tries to complete its work.
func zombie() async throws {
    let ledger = try Ledger.open(path: path)
    let key = ClaimKey(family: "order", subject: "Z", revision: 1, hash: ContentDigest(high: 1, low: 1))
    let claim = try await ledger.write { try $0.claim(key, holder: "zombie", lease: .seconds(1), now: 0) }
    guard case .claimed(let fence) = claim else { return say("\(claim)") }
    say("claimed")
    _ = readLine()
    try await ledger.write {
        try $0.journal(JournalEntry(at: 5, subject: "Z", stage: "apply", code: "written-by-zombie"))
        try $0.complete(key, fence: fence, state: "zombie", reference: nil, now: 5)
    }
    say("completed")
}

/// Writes until the operating system refuses to let the file grow, then goes on when it lets it again.
func limit() async throws {
    let ledger = try Ledger.open(path: path)
    signal(SIGXFSZ, SIG_IGN)
    setFileSize(1 << 20)
    var stored = 0
    do {
        while true {
            let number = stored
            try await ledger.write {
                _ = try $0.storePayload(id: "p-\(number)", body: [UInt8](repeating: 1, count: 1900), at: 1)
            }
            stored += 1
        }
    } catch { say(code(of: error)) }
    setFileSize(1 << 30)
    try await ledger.checkWritable()
    let kept = try await ledger.read { try $0.first("SELECT count(*) FROM payload") { $0.integer(0) } }
    say(kept == Int64(stored) ? "recovered" : "lost: \(stored) stored, \(kept ?? 0) kept")
}

private func setFileSize(_ size: UInt) {
    var limit = rlimit(rlim_cur: size, rlim_max: .max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

/// Opens the file as a user who may only read it, also when the tests run as root.
func openWithoutPrivileges() throws {
    if getuid() == 0 { setuid(65_534) }
    do {
        _ = try Ledger.open(path: path)
        say("opened")
    } catch { say(code(of: error)) }
}
