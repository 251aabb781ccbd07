import FleetTesting
import Storefront
import Testing

@Suite("Secrets and signatures of webhooks")
struct WebhookSecretTests {
    /// Of the specification's reference libraries (libraries/go/webhook_test.go).
    private static let published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test("the reference libraries' example has their signature")
    func publishedExample() throws {
        let secret = try #require(WebhookSecret(Self.published))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("signatures are those of another implementation, for keys and bodies of any size")
    func independentImplementation() async throws {
        let script = """
            import base64, hashlib, hmac, sys
            for line in sys.argv[1:]:
                key, content = (base64.b64decode(part) for part in line.split(":"))
                print("v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode())
            """
        var generator = SeededRandom(seed: 7)
        var (arguments, expected): ([String], [String]) = ([], [])
        for (size, count) in [(24, 0), (32, 1), (63, 64), (64, 5_000)] {
            let key = Self.base64((0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
            let body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let secret = try #require(WebhookSecret("whsec_" + key))
            expected.append(try #require(secret.signature(id: "id-\(size)", timestamp: Int64(count), body: body)))
            arguments.append(key + ":" + Self.base64(Array("id-\(size).\(count).".utf8) + body))
        }
        let output = try await ChildProcess.run("/usr/bin/python3", arguments: ["-c", script] + arguments)
        #expect(output.split(separator: "\n").map(String.init) == expected)
    }

    @Test(
        "what is no secret of 24 to 64 bytes is refused",
        arguments: [
            "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_" + base64([UInt8](repeating: 1, count: 23)), "whsec_" + base64([UInt8](repeating: 1, count: 65)),
        ])
    func noSecret(text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test("a secret is never shown")
    func hidden() throws {
        let secret = try #require(WebhookSecret(Self.published))
        #expect("\(secret)" == "(hidden)" && String(reflecting: secret) == "(hidden)")
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                text.append(place <= part.count ? alphabet[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }
}
