import HTTPClient
import Testing

@Suite struct HTTPClientTests {
    private func withServer(
        _ script: @escaping @Sendable (RawConnection) -> Void,
        _ body: (RawServer, HTTPClient) async throws -> Void
    ) async throws {
        let server = try RawServer(script)
        let client = try HTTPClient()
        try await body(server, client)
        await client.close()
        server.stop()
    }

    private func failure(_ client: HTTPClient, _ request: HTTPRequest) async -> HTTPError? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("an answer arrives with its status, fields and body")
    func answer() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n")
            connection.write("HTTP/1.1 418 Teapot\r\nContent-Type:  text/plain \r\nContent-Length: 5\r\n\r\nhello")
        } _: { server, client in
            let response = try await client.send(HTTPRequest(url: server.url))
            #expect(response.status == 418)
            #expect(response.headers["content-TYPE"] == "text/plain")
            #expect(response.headers["x-early"] == nil)
            #expect(response.body == Array("hello".utf8))
        }
    }

    @Test("calls one after the other share a connection")
    func keepAlive() async throws {
        try await withServer { connection in
            while connection.readHead() { connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
        } _: { server, client in
            for _ in 0..<5 {
                let response = try await client.send(HTTPRequest(url: server.url))
                #expect(response.status == 204)
            }
            #expect(server.connections == 1)
        }
    }

    @Test("a refused connection is known not to have been sent")
    func refused() async throws {
        let server = try RawServer { _ in }
        server.stop()
        let client = try HTTPClient()
        let error = await failure(client, HTTPRequest(method: .post, url: server.url, body: [1]))
        guard case .notSent(.refused, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.mayHaveBeenReceived == false)
    }

    @Test("a name that does not resolve is known not to have been sent")
    func unresolved() async throws {
        let client = try HTTPClient()
        let error = await failure(client, HTTPRequest(url: "http://no-such-host.invalid/", timeout: .seconds(20)))
        #expect(error?.mayHaveBeenReceived == false)
    }

    @Test("no answer within the time-out leaves the outcome unknown")
    func timeOut() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.drain()
        } _: { server, client in
            let start = ContinuousClock.now
            let error = await failure(client, HTTPRequest(url: server.url, timeout: .milliseconds(200)))
            guard case .unknownOutcome(.timedOut, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test("a connection closed instead of an answer leaves the outcome unknown")
    func closedWithoutAnswer() async throws {
        try await withServer {
            $0.readHead()
        } _: { server, client in
            let error = await failure(client, HTTPRequest(method: .post, url: server.url, body: [1, 2, 3]))
            guard case .unknownOutcome(.connectionLost, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a POST is not sent again by itself when its kept-alive connection dies")
    func noSilentRepeat() async throws {
        try await withServer { connection in
            guard connection.readHead() else { return }
            connection.write("HTTP/1.1 204 No Content\r\n\r\n")
            connection.readHead()
        } _: { server, client in
            _ = try await client.send(HTTPRequest(url: server.url))
            let error = await failure(client, HTTPRequest(method: .post, url: server.url, body: Array("order".utf8)))
            #expect(error?.mayHaveBeenReceived == true)
            #expect(server.heads == 2)
        }
    }

    @Test("a body shorter than announced is an error, not a shorter body")
    func incompleteBody() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        } _: { server, client in
            let error = await failure(client, HTTPRequest(url: server.url))
            guard case .unknownOutcome(.incompleteAnswer, _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("an answer longer than the limit is refused")
    func tooLarge() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world")
        } _: { server, client in
            let error = await failure(client, HTTPRequest(url: server.url, maxResponseBytes: 10))
            #expect(error == .responseTooLarge(limit: 10))
        }
    }

    @Test("garbage instead of HTTP is an error")
    func garbage() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.write("SSH-2.0-OpenSSH_9.2\r\n")
        } _: { server, client in
            #expect(await failure(client, HTTPRequest(url: server.url)) != nil)
        }
    }

    @Test("a line break in a header never reaches the wire")
    func headerInjection() async throws {
        try await withServer {
            $0.readHead()
        } _: { server, client in
            let request = HTTPRequest(url: server.url, headers: ["X-Name": "a\r\nX-Evil: b"])
            guard case .invalidRequest = await failure(client, request) else {
                Issue.record("accepted")
                return
            }
            #expect(server.connections == 0)
        }
    }

    @Test("a cancelled task gets its answer at once")
    func cancellation() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.drain()
        } _: { server, client in
            let task = Task { await failure(client, HTTPRequest(url: server.url, timeout: .seconds(60))) }
            while server.heads == 0 { await Task.yield() }
            task.cancel()
            #expect(await task.value == .cancelled(mayHaveBeenReceived: true))
        }
    }

    @Test("a call after cancellation is not sent")
    func cancelledBefore() async throws {
        try await withServer {
            $0.readHead()
        } _: { server, client in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                return await failure(client, HTTPRequest(url: server.url))
            }
            task.cancel()
            #expect(await task.value == .cancelled(mayHaveBeenReceived: false))
        }
    }

    @Test("closing the client ends what is in flight and refuses what comes later")
    func closing() async throws {
        try await withServer { connection in
            connection.readHead()
            connection.drain()
        } _: { server, client in
            let task = Task { await failure(client, HTTPRequest(url: server.url, timeout: .seconds(60))) }
            while server.heads == 0 { await Task.yield() }
            await client.close()
            #expect(await task.value == .cancelled(mayHaveBeenReceived: true))
            #expect(await failure(client, HTTPRequest(url: server.url)) == .closed)
        }
    }
}
