import FleetTesting
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The whole fleet on one machine, as a person starts it.
@Suite("stevedore up", .needsBroker, .timeLimit(.minutes(5)))
struct UpTests {
    private func waitUntilReady(_ up: ChildProcess) async throws {
        for label in ["orders-worker.1", "orders-worker.2", "erp-feed"] {
            try await up.waitForLine(within: .seconds(60), "\(label) ready") {
                $0.hasPrefix(label) && $0.contains(" ready")
            }
        }
    }

    @Test("what dies is started again, every order arrives once, and Ctrl-C leaves nothing behind")
    func everything() async throws {
        try await UpRig.with { rig in
            let up = try rig.start()
            try await waitUntilReady(up)
            try await rig.publish((1...20).map { "first-\($0)" })
            let worker = try #require(rig.programs().first { $0.name == "ordersworker" })
            let simulator = try #require(rig.programs().first { $0.name == "erpsimulator" })
            kill(worker.pid, SIGKILL)
            kill(simulator.pid, SIGKILL)
            try await rig.publish((1...20).map { "second-\($0)" })
            try await eventually(within: .seconds(120), "all orders to be in the ERP") {
                try await rig.ordersInERP(up).orders == 40
            }
            #expect(try await rig.ordersInERP(up).creates == 40)
            #expect(up.output.contains { $0.contains("was killed by signal 9; starting it again") })
            #expect(Set(rig.programs().map(\.pid)).isDisjoint(with: [worker.pid, simulator.pid]))
            up.signal(SIGINT)
            #expect(try await up.waitForExit(within: .seconds(60)) == .exited(0))
            #expect(up.output.last?.contains("everything has stopped") == true)
            #expect(rig.programs().isEmpty)
        }
    }

    @Test("a closed terminal, told twice, is an orderly end")
    func hangUp() async throws {
        try await UpRig.with { rig in
            let up = try rig.start()
            try await waitUntilReady(up)
            up.signal(SIGHUP)
            try await up.waitForLine(containing: "stopping")
            up.signal(SIGHUP)
            #expect(try await up.waitForExit(within: .seconds(60)) == .exited(0))
            #expect(rig.programs().isEmpty)
        }
    }

    @Test("killed with -9 it takes its programs with it")
    func killed() async throws {
        try await UpRig.with { rig in
            let up = try rig.start()
            try await waitUntilReady(up)
            #expect(rig.programs().count == 14)
            #expect(rig.programs().filter { $0.name == "erpfeed" }.count == 1)
            try await up.kill()
            try await rig.waitUntilAllGone()
        }
    }

    @Test("a program that does not end in its time is killed, and the exit code says so")
    func stubborn() async throws {
        try await UpRig.with { rig in
            let settings = rig.environment.merging(["STEVEDORE_WORKER_GRACE": "1s"]) { $1 }
            let up = try ChildProcess("stevedore", arguments: ["up", "--with-simulator"], environment: settings)
            try await waitUntilReady(up)
            let worker = try #require(rig.programs().first { $0.name == "ordersworker" })
            kill(worker.pid, SIGSTOP)
            up.signal(SIGINT)
            #expect(try await up.waitForExit(within: .seconds(60)) == .exited(1))
            #expect(up.errors.first?.contains("1 program did not end") == true, "\(up.errors) \(up.output.suffix(40))")
            #expect(rig.programs().isEmpty)
        }
    }

    @Test("a simulator whose port is taken ends it at once, with its sentence")
    func portTaken() async throws {
        try await UpRig.with { rig in
            let port = try #require(rig.address.split(separator: ":").last.map(String.init))
            try await ChildProcess.with("erp-simulator", arguments: ["--port", port]) { other in
                try await other.waitForLine(containing: "listening on ")
                let up = try rig.start()
                #expect(try await up.waitForExit(within: .seconds(60)) == .exited(69))
                #expect(up.errors.first?.contains("erp-simulator ended with exit code 69") == true)
                #expect(up.errors.joined().contains(port))
                #expect(rig.programs().isEmpty)
            }
        }
    }

    @Test("a user who may only read and write runs it on a topology that is there")
    func restricted() async throws {
        try await UpRig.with { rig in
            let user = try await rig.host.addUser(configure: "^$")
            let settings = rig.environment.merging(["STEVEDORE_AMQP_URLS": user]) { $1 }
            let early = try ChildProcess("stevedore", arguments: ["up", "--with-simulator"], environment: settings)
            #expect(try await early.waitForExit(within: .seconds(60)) == .exited(78))
            #expect(early.errors.last == "Run `stevedore topology apply`.")
            try await ChildProcess.run("stevedore", arguments: ["topology", "apply"], environment: rig.environment)
            let up = try ChildProcess("stevedore", arguments: ["up", "--with-simulator"], environment: settings)
            try await waitUntilReady(up)
            #expect(up.output.contains { $0.contains("topology found") })
            #expect(up.output.contains { $0.contains("topology partly compared") })
            up.terminate()
            #expect(try await up.waitForExit(within: .seconds(60)) == .exited(0))
        }
    }
}
