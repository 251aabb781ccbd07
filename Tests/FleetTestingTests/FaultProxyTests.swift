import FleetTesting
import Glibc
import Testing

/// The proxy between a client socket of the test and another proxy-side server: a plain echo.
@Suite("The fault proxy", .timeLimit(.minutes(1)))
struct FaultProxyTests {
    let echo: EchoServer
    let proxy: FaultProxy

    init() throws {
        echo = try EchoServer()
        proxy = try FaultProxy(toPort: echo.port)
    }

    @Test("bytes pass both ways, and the end of a stream as well")
    func passes() async throws {
        let client = try Client(port: proxy.port)
        client.send("hello")
        #expect(try await client.receive(5) == "hello")
        // What is written is counted afterwards, so that the client may have it first.
        try await eventually { proxy.bytesToServer == 5 && proxy.bytesToClient == 5 }
        client.endSending()
        #expect(try await client.waitForEnd() == .ended)
        try await eventually { proxy.connections == 0 }
    }

    @Test("a blackhole holds bytes without a word, and lets them go when it ends")
    func blackhole() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.mode = .blackhole()
        client.send("b")
        await #expect(throws: TestingError.self) { try await client.receive(1, within: .milliseconds(50)) }
        proxy.mode = .pass
        #expect(try await client.receive(1) == "b")
    }

    @Test("a blackhole towards the client lets the server hear")
    func oneWay() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.mode = .blackhole(.toClient)
        client.send("bc")
        try await eventually { proxy.bytesToServer == 3 }
        #expect(proxy.bytesToClient == 1)
        proxy.mode = .pass
        #expect(try await client.receive(2) == "bc")
    }

    @Test("reset breaks open connections and each new one")
    func reset() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.mode = .reset
        #expect(try await client.waitForEnd() == .reset)
        #expect(try await Client(port: proxy.port).waitForEnd() == .reset)
        proxy.mode = .pass
        try await roundTrips()
    }

    @Test("open connections are reset once on request, and new ones pass")
    func resetOnce() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.resetConnections()
        #expect(try await client.waitForEnd() == .reset)
        try await roundTrips()
    }

    @Test("refuse closes the port, and pass opens the same one again")
    func refuse() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.mode = .refuse
        #expect(try await client.waitForEnd() == .reset)
        #expect(throws: TestingError.self) { try Client(port: proxy.port) }
        proxy.mode = .pass
        try await eventually { (try? Client(port: proxy.port)) != nil }
        try await roundTrips()
    }

    @Test("latency delays each direction and loses nothing")
    func latency() async throws {
        let client = try Client(port: proxy.port)
        proxy.mode = .latency(.milliseconds(30))
        client.send("x")
        let took = try await ContinuousClock().measure {
            client.send("y")
            let received = try await client.receive(2)
            #expect(received == "xy")
        }
        #expect(took >= .milliseconds(55))
    }

    @Test("one byte at a time arrives whole")
    func trickle() async throws {
        let client = try Client(port: proxy.port)
        proxy.mode = .oneByteAtATime
        let text = String((0..<5000).map { Character(UnicodeScalar(UInt8(97 + $0 % 26))) })
        client.send(text)
        #expect(try await client.receive(5000) == text)
    }

    @Test("a connection breaks after an exact number of bytes")
    func resetAfter() async throws {
        let client = try Client(port: proxy.port)
        client.send("a")
        #expect(try await client.receive(1) == "a")
        proxy.mode = .resetAfter(bytes: 3, .toServer)
        client.send("bcdef")
        #expect(try await client.waitForEnd() == .reset)
        #expect(proxy.bytesToServer == 4)
        #expect(proxy.mode == .pass)
        try await roundTrips()
    }

    @Test("a megabyte and more passes in both directions at once")
    func bulk() async throws {
        let client = try Client(port: proxy.port)
        let text = String(repeating: "0123456789abcdef", count: 1 << 17)
        let sender = Task.detached { client.send(text) }
        #expect(try await client.receive(text.utf8.count) == text)
        await sender.value
    }

    @Test("the URL of a server is rewritten to the proxy's, with user and path kept")
    func url() {
        #expect(
            proxy.url(insteadOf: "amqp://guest:pw@localhost:5672/vhost?x=@")
                == "amqp://guest:pw@127.0.0.1:\(proxy.port)/vhost?x=@")
        #expect(proxy.url(insteadOf: "http://[::1]:80/a") == "http://127.0.0.1:\(proxy.port)/a")
    }

    private func roundTrips() async throws {
        let client = try Client(port: proxy.port)
        client.send("again")
        #expect(try await client.receive(5) == "again")
    }
}
