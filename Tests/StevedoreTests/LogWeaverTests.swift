import Fleet
import Testing

@testable import Stevedore

@Suite("One log of several programs")
struct LogWeaverTests {
    @Test("each line has its program before it, lined up")
    func prefix() {
        let weaver = LogWeaver(labels: ["orders-worker.1", "erp-simulator"], isColoured: false)
        #expect(weaver.woven("listening", of: "erp-simulator", number: 0) == "erp-simulator   | listening")
    }

    @Test("a log line is readable without colours too, and one in JSON stays as it was written")
    func plain() {
        let weaver = LogWeaver(labels: ["w"], isColoured: false)
        let line = #"time=2026-03-01T10:00:00Z level=info program=w message=ready flow=orders.to-erp"#
        #expect(weaver.woven(line, of: "w", number: 0) == "w | 10:00:00 info    ready  flow=orders.to-erp")
        let json = #"{"time":"2026-03-01T10:00:00Z","level":"info","message":"ready"}"#
        #expect(weaver.woven(json, of: "w", number: 0) == "w | " + json)
    }

    @Test("on a terminal its level has a colour")
    func readable() throws {
        let line = #"time=2026-03-01T10:00:00.5Z level=warning program=w message="dead \"letter\"" code=x reason="a b""#
        let readable = try #require(ReadableLine(line))
        #expect(readable.text == #"10:00:00 warning dead "letter"  code=x reason="a b""#)
        #expect(readable.colour == .yellow)
    }

    @Test(
        "any other line is no log line",
        arguments: ["", "time=", "orders-worker: The ledger is newer.", "time=x level=y"])
    func other(line: String) {
        #expect(ReadableLine(line) == nil)
    }

    @Test("a message without further fields is read")
    func bare() {
        #expect(ReadableLine("time=T10:00:00Z level=info program=w message=ready")?.text == "10:00:00 info    ready")
    }

    @Test("only this machine's addresses can be served by the simulator")
    func loopback() {
        #expect(LoopbackAddress("http://127.0.0.1:8090")?.port == 8_090)
        #expect(LoopbackAddress("http://localhost/erp")?.port == 80)
        #expect(LoopbackAddress("http://erp.example.com:8090") == nil)
        #expect(LoopbackAddress("https://127.0.0.1:8090") == nil)
        #expect(LoopbackAddress("http://127.0.0.1:99999") == nil)
    }
}
