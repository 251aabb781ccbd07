@testable import ERP
import Testing

@Suite struct RESTConfigurationTests {
    @Test(
        "an address with a scheme and a host can be used",
        arguments: [
            "http://127.0.0.1:8090", "https://erp.example.com", "https://erp.example.com/api/v1/",
            "http://[::1]:8090/x",
            "http://erp", "https://erp:65535",
        ])
    func good(url: String) {
        #expect(RESTConfiguration(baseURL: url).addressFault == nil)
    }

    @Test(
        "anything else is refused with what it has to be",
        arguments: [
            "", "erp.example.com", "localhost:8090", "ftp://erp", "http://", "http:///path", "http://:8090",
            "http://erp:0", "http://erp:65536", "http://erp:port", "http://erp:", "http://e rp", "http://erp\u{E9}",
            "http://user:secret@erp", "https://erp?key=1", "https://erp#x", "http://[::1", "http://[]:1",
            "http://[::1]x",
        ])
    func bad(url: String) {
        #expect(RESTConfiguration(baseURL: url).addressFault != nil)
    }

    @Test("credentials in an address are never shown")
    func hidden() {
        let configuration = RESTConfiguration(baseURL: "https://user:secret@erp.example.com/api")
        #expect(configuration.shownURL == "https://…@erp.example.com/api")
        #expect(!configuration.description.contains("secret"))
        #expect(RESTConfiguration(baseURL: "user:secret@erp").shownURL.contains("secret") == false)
    }

    @Test("a business key is escaped whole")
    func escape() {
        #expect(PercentEncoding.encode("A/B?#% é") == "A%2FB%3F%23%25%20%C3%A9")
    }
}
