import Storefront
import Testing

@Suite("Where may be posted to")
struct WebhookEndpointTests {
    private func fault(_ url: String, _ allowed: [String]) throws -> WebhookEndpoint.Fault? {
        let url = try #require(WebhookURL(url))
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        do throws(WebhookEndpoint.Fault) {
            _ = try WebhookEndpoint(url: url, secrets: [secret], allowedHosts: allowed)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "a host of the allow list may be posted to, at the port that it names",
        arguments: [
            ("https://store.example/hooks", "store.example"), ("https://STORE.example:443/?a=b", "Store.Example"),
            ("https://store.example:8443", "store.example:8443"), ("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"),
            ("http://127.0.0.1:8099/hooks", "127.0.0.1:8099"), ("http://localhost/", "localhost"),
            ("http://[::1]:80/", "[::1]"),
        ])
    func allowed(url: String, host: String) throws {
        #expect(try fault(url, ["other.example", host]) == nil)
    }

    @Test(
        "any other host and port may not",
        arguments: [
            ("https://store.example:8443/", "store.example"), ("https://store.example/", "store.example:8443"),
            ("https://astore.example/", "store.example"), ("https://store.example.evil.example/", "store.example"),
            ("https://169.254.169.254/", "store.example"), ("https://[::ffff:127.0.0.1]/", "127.0.0.1"),
            ("http://127.0.0.1:8099/", "127.0.0.1"), ("http://localhost:8099/", "127.0.0.1:8099"),
        ])
    func notAllowed(url: String, host: String) throws {
        let fault = try fault(url, [host])
        guard case .notAllowed = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
    }

    @Test(
        "http is for loopback alone, even where the allow list has the host",
        arguments: ["http://store.example/", "http://127.0.0.1.store.example/", "http://10.0.0.1/", "http://[::2]/"])
    func notSecure(url: String) throws {
        let host = try #require(WebhookURL(url)).host
        #expect(try fault(url, [host.contains(":") ? "[\(host)]" : host]) == .notSecure)
    }

    @Test("without an allow list nothing may be posted to, and it says which host to name")
    func noAllowList() throws {
        #expect(try fault("https://store.example:8443/x", []) == .noAllowedHosts(host: "store.example:8443"))
    }

    @Test(
        "an entry that is no host is named",
        arguments: ["*.example", "https://store.example", "store.example:0", "a b"])
    func notAHost(entry: String) throws {
        #expect(try fault("https://store.example/", ["store.example", entry]) == .notAHost(entry))
    }

    @Test(
        "what is no address of a host is refused",
        arguments: [
            "", "store.example", "ftp://store.example/", "https://", "https:///x", "https://user:pass@store.example/",
            "https://store.example@evil.example/", #"https://evil.example\@store.example/"#, "https://store.example/ x",
            "https://store.example:x/", "https://store.example:65536/", "https://store.example/#x",
            "https://[::1/", "https://störe.example/", "https://[store.example]/",
        ])
    func noURL(text: String) {
        #expect(WebhookURL(text) == nil)
    }
}
