import Dispatch
import Fleet
import FleetTesting
import Glibc
import Ledger
import Models

extension Rig {
    /// Runs the body while another program writes to the ledger.
    func holdingLedger<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async throws -> Value {
        let intruder = try Ledger.open(path: ledgerPath)
        let isOver = DispatchSemaphore(value: 0)
        let (isHeld, held) = AsyncStream<Void>.makeStream()
        async let holding: Void = intruder.write { _ in
            held.finish()
            isOver.wait()
        }
        for await _ in isHeld {}
        let result: Value
        do {
            defer { isOver.signal() }
            result = try await body()
        }
        try await holding
        await intruder.close()
        return result
    }
}

extension Rig {
    /// A worker to whom a file that must not grow is an error, as a full disk is, and not its death (`SIGXFSZ`).
    func startWorkerThatOutlivesFullDisks() throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh", arguments: ["-c", "trap '' XFSZ; exec \"$0\"", try BuiltProducts.executable("orders-worker")],
            environment: workerEnvironment)
    }

    /// A worker to whom a file's permissions mean what they say, even when the tests run as root.
    func startWorkerWithoutPrivilege(_ settings: [String: String]) throws -> ChildProcess {
        guard geteuid() == 0 else { return try startWorker(settings) }
        var environment = workerEnvironment
        for (name, value) in settings { environment["STEVEDORE_" + name] = value }
        let bounds = "--bounding-set=-dac_override,-dac_read_search"
        return try ChildProcess(
            "/usr/bin/setpriv", arguments: [bounds, try BuiltProducts.executable("orders-worker")],
            environment: environment)
    }

    /// Changes a running process's soft limit for the size of its files: a full disk that needs no disk.
    func limitFileSize(of process: ChildProcess, to bytes: String) async throws {
        try await ChildProcess.run(
            "/usr/bin/prlimit", arguments: ["--pid", "\(process.processIdentifier)", "--fsize=\(bytes):"])
    }
}

extension Rig {
    /// Takes an order as another worker would, for ten minutes; the fence to release it with.
    func claim(_ number: String) async throws -> Int64 {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                let key = ClaimKey(
                    family: "order", subject: number, revision: 1, hash: ContentDigest(high: 1, low: 1))
                let now = Timestamp.now().microseconds
                let claim = try transaction.claim(key, holder: "another worker", lease: .seconds(600), now: now)
                guard case .claimed(let fence) = claim else { throw RigError.unexpectedAnswer("\(claim)") }
                return fence
            }
        }
    }

    /// Gives it back with nothing applied.
    func release(_ number: String, fence: Int64) async throws {
        try await withLedger { ledger in
            try await ledger.write { try $0.release(family: "order", subject: number, fence: fence) }
        }
    }

    private func withLedger<Value: Sendable>(_ body: (Ledger) async throws -> Value) async throws -> Value {
        let ledger = try Ledger.open(path: ledgerPath)
        do {
            let value = try await body(ledger)
            await ledger.close()
            return value
        } catch {
            await ledger.close()
            throw error
        }
    }
}
