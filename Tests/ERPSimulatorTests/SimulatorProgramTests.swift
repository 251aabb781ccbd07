import FleetTesting
import FoundationEssentials
import Glibc
import HTTPClient
import Testing

/// The program `erp-simulator` from outside: what it prints, and what it exits with.
@Suite struct SimulatorProgramTests {
    @Test(
        "flags without a sense are a usage error, in sentences",
        arguments: [
            ["--port", "99999"], ["--control-port", "-1"], ["--fault", "kind=error,probabilty=0.1"],
            ["--fault", "kind=capacity,limit=1,count=2"], ["--api-key-file", "/no/such/file"], ["--accounts=-1"],
            ["--catalogue=-1"], ["--price-lists", "1001"], ["--today", "2026-02-30"],
        ])
    func usage(arguments: [String]) async throws {
        let process = try ChildProcess("erp-simulator", arguments: arguments)
        #expect(try await process.waitForExit() == .exited(64))
        #expect(process.errors.joined().isEmpty == false && process.errors.joined().contains("Error(") == false)
    }

    @Test("a host that there is not is unavailable, in a sentence")
    func unknownHost() async throws {
        let process = try ChildProcess("erp-simulator", arguments: ["--host", "no-such-host.invalid", "--port", "0"])
        #expect(try await process.waitForExit() == .exited(69))
        #expect(process.errors.first?.hasPrefix("erp-simulator: The simulator can not listen on") == true)
    }

    @Test("one that is down says where it is controlled, and stops without ever opening its port")
    func down() async throws {
        let arguments = ["--port", "0", "--fault", "kind=down"]
        try await ChildProcess.with("erp-simulator", arguments: arguments) { process in
            try await process.waitForLine(containing: "control on http://")
            process.terminate()
            #expect(try await process.waitForExit() == .exited(0))
            #expect(!process.output.contains { $0.hasPrefix("listening") })
        }
    }

    @Test("the key is taken from the environment or a file, where nobody reads it off the command line")
    func key() async throws {
        try await TemporaryDirectory.with { directory in
            let file = directory.file("key")
            try "secret\n".write(toFile: file, atomically: false, encoding: .utf8)
            try await expectKey(["--api-key-file", file], [:])
            try await expectKey([], ["ERP_SIMULATOR_API_KEY": "secret"])
        }
    }

    private func expectKey(_ arguments: [String], _ environment: [String: String]) async throws {
        let client = try HTTPClient()
        try await ChildProcess.with(
            "erp-simulator", arguments: ["--port", "0"] + arguments, environment: environment
        ) { process in
            let line = try await process.waitForLine(containing: "listening on ")
            let url = line.dropFirst("listening on ".count) + "/ping"
            let known = HTTPRequest(url: String(url), headers: ["Authorization": "Bearer secret"])
            let statuses = [
                try await client.send(HTTPRequest(url: String(url))).status, try await client.send(known).status,
            ]
            #expect(statuses == [401, 200])
        }
        await client.close()
    }
}
