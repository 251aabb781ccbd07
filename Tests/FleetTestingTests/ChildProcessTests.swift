import FleetTesting
import Testing

@Suite("Child processes")
struct ChildProcessTests {
    @Test("output and errors are captured by line, the last one without a line end as well")
    func capturesLines() async throws {
        let child = try ChildProcess("/bin/sh", arguments: ["-c", "echo one; echo two >&2; printf three; exit 7"])
        #expect(try await child.waitForExit() == .exited(7))
        #expect(child.output == ["one", "three"])
        #expect(child.errors == ["two"])
    }

    @Test("a given variable stands in place of the inherited one")
    func environment() async throws {
        let said = try await ChildProcess.run(
            "/bin/sh", arguments: ["-c", "echo $COLOUR; echo $HOME"],
            environment: ["COLOUR": "green", "HOME": "/nowhere"])
        #expect(said == "green\n/nowhere")
    }

    @Test("a line is waited for")
    func waitsForLine() async throws {
        let script = "echo started; sleep 0.05; echo ready on 8080; exec sleep 60"
        try await ChildProcess.with("/bin/sh", arguments: ["-c", script]) {
            let line = try await $0.waitForLine(containing: "ready")
            #expect(line == "ready on 8080")
            #expect($0.isRunning)
        }
    }

    @Test("waiting for a line of a process that ended is an error that shows what it said last")
    func noLine() async throws {
        let child = try ChildProcess("/bin/sh", arguments: ["-c", "echo no luck >&2"])
        try await child.waitForExit()
        let error = await #expect(throws: TestingError.self) {
            try await child.waitForLine(containing: "ready", within: .milliseconds(100))
        }
        #expect(error?.description.contains("no luck") == true)
    }

    @Test("a killed process is told apart from one that ended by itself")
    func kills() async throws {
        let child = try ChildProcess("/bin/sleep", arguments: ["60"])
        try await child.kill()
        #expect(child.status == .signalled(9))
        #expect(!child.isRunning)
        #expect(child.residentMemory == nil)
    }

    @Test("a stopped process does nothing until it is resumed")
    func stops() async throws {
        let script = "trap 'echo told; exit 0' TERM; echo ready; while :; do sleep 0.01; done"
        try await ChildProcess.with("/bin/sh", arguments: ["-c", script]) { child in
            try await child.waitForLine(containing: "ready")
            child.suspend()
            child.terminate()
            await #expect(throws: TestingError.self) {
                try await child.waitForLine(containing: "told", within: .milliseconds(50))
            }
            #expect(child.isRunning)
            child.resume()
            #expect(try await child.waitForExit() == .exited(0))
        }
    }

    @Test("a program that is not there is an error at once")
    func missing() {
        #expect(throws: TestingError.self) { try ChildProcess("/nowhere/program") }
        #expect(throws: TestingError.self) { try ChildProcess("no-such-product") }
    }

    @Test("the last reference takes the process with it")
    func scoped() async throws {
        var child: ChildProcess? = try ChildProcess("/bin/sleep", arguments: ["60"])
        let path = try #require(child).processIdentifier
        child = nil
        try await eventually("process \(path) to be reaped") {
            await (try? ChildProcess.run("/bin/sh", arguments: ["-c", "test ! -e /proc/\(path)"])) != nil
        }
    }

    @Test("a temporary directory goes with its contents")
    func directory() async throws {
        let path = try await TemporaryDirectory.with { directory in
            try await ChildProcess.run(
                "/bin/sh", arguments: ["-c", "cd \(directory.path) && mkdir a && echo x > a/b && ln -s / root"])
            return directory.path
        }
        try await ChildProcess.run("/bin/sh", arguments: ["-c", "test ! -e \(path) && test -d /etc"])
    }
}
