import HTTPClient
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    private func duration(_ headers: HTTPHeaders) -> Duration? {
        HTTPResponse(status: 503, headers: headers).retryAfter
    }

    @Test("seconds are read, and bounded to a day")
    func seconds() {
        #expect(duration(["Retry-After": "120"]) == .seconds(120))
        #expect(duration(["retry-after": "0"]) == .zero)
        #expect(duration(["Retry-After": "99999999999999999999999"]) == .seconds(86_400))
    }

    @Test("a date is measured against the answer's own date, and one in the past means now")
    func date() {
        let now = "Tue, 29 Feb 2028 23:59:30 GMT"
        #expect(duration(["Date": now, "Retry-After": "Wed, 01 Mar 2028 00:00:15 GMT"]) == .seconds(45))
        #expect(duration(["Date": now, "Retry-After": "Tue, 29 Feb 2028 23:59:00 GMT"]) == .zero)
        #expect(duration(["Retry-After": now]) == nil)
    }

    @Test("nonsense is ignored", arguments: ["", "-1", "soon", "1.5", "Sun, 06 Nov 94 08:49:37 GMT", "１２"])
    func nonsense(text: String) {
        #expect(duration(["Retry-After": text, "Date": "Sun, 06 Nov 1994 08:49:37 GMT"]) == nil)
    }
}
