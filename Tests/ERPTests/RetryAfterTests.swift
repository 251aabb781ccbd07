@testable import ERP
import HTTPClient
import Testing

@Suite struct RetryAfterTests {
    @Test("seconds are read, and bounded to a day")
    func seconds() {
        #expect(RetryAfter.duration(in: ["Retry-After": "120"]) == .seconds(120))
        #expect(RetryAfter.duration(in: ["retry-after": "0"]) == .seconds(0))
        #expect(RetryAfter.duration(in: ["Retry-After": "99999999999999999999999"]) == .seconds(86_400))
    }

    @Test("a date is measured against the answer's own date")
    func date() {
        let headers: HTTPHeaders = [
            "Date": "Tue, 29 Feb 2028 23:59:30 GMT", "Retry-After": "Wed, 01 Mar 2028 00:00:15 GMT",
        ]
        #expect(RetryAfter.duration(in: headers) == .seconds(45))
    }

    @Test("a date in the past means now")
    func past() {
        let headers: HTTPHeaders = [
            "Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After": "Sun, 06 Nov 1994 08:49:30 GMT",
        ]
        #expect(RetryAfter.duration(in: headers) == .seconds(0))
    }

    @Test("nonsense is ignored", arguments: ["", "-1", "soon", "1.5", "Sun, 06 Nov 94 08:49:37 GMT", "１２"])
    func nonsense(text: String) {
        #expect(RetryAfter.duration(in: ["Retry-After": text, "Date": "Sun, 06 Nov 1994 08:49:37 GMT"]) == nil)
    }

    @Test("the epoch of HTTP dates is 1970")
    func epoch() {
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
    }

    @Test("a business key is escaped whole")
    func escape() {
        #expect(PercentEncoding.encode("A/B?#% é") == "A%2FB%3F%23%25%20%C3%A9")
    }
}
