import FleetTesting
import Ledger
import Storefront
import Testing

@testable import Fleet

/// What a setting may say, and what settings may say together.
@Suite struct ConfigurationValueTests: ConfigurationFixture {
    @Test(
        "durations are a number and a unit",
        arguments: [
            ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("2h", .seconds(7_200)),
            ("5", nil), ("s", nil), ("-5s", nil), ("0s", .zero), ("1.5s", nil), ("99999999999999999999s", nil),
            ("٣s", nil), ("5 s", nil), ("5S", nil),
        ])
    func durations(text: String, expected: Duration?) {
        #expect(Duration(configured: text) == expected)
    }

    @Test("no time at all is allowed where it means never, and nowhere else")
    func noTime() async throws {
        let settings = try await read(yaml: "feed:\n  look-back: 0s\n  full-read: 0s\n")
        #expect(settings.feedLookBack == .zero && settings.feedFullRead == .zero)
        #expect(try await faults(yaml: "worker:\n  lease: 0s\n").count == 1)
    }

    @Test("each setting has a variable of its own")
    func environmentVariables() {
        #expect(ConfigurationKey.callPrefetch.environmentVariable == "STEVEDORE_WORKER_CALL_PREFETCH")
        #expect(Set(ConfigurationKey.all.map(\.environmentVariable)).count == ConfigurationKey.all.count)
    }

    @Test("what is kept for a shorter time than a message may travel is refused")
    func retention() async throws {
        let short = try await faults(yaml: "", ["STEVEDORE_LEDGER_RETENTION_PAYLOAD": "1"])
        #expect(short.count == 1 && short.first?.description.contains("at least 2 days") == true, "\(short)")
        // A hundred attempts take more than a week.
        let long = try await faults([
            "STEVEDORE_LEDGER_RETENTION_JOURNAL": "8", "STEVEDORE_WORKER_MAXIMUM_ATTEMPTS": "100",
        ])
        #expect(long.count == 1, "\(long)")
        let configuration = try await read(yaml: "ledger:\n  retention:\n    payload: 7\n")
        #expect(configuration.retention.payload == .seconds(7 * 86_400))
        #expect(configuration.retention.journal == .seconds(90 * 86_400))
    }

    @Test("a broker address that is none, a file that is not there and a time out of its range are named together")
    func severalParts() async throws {
        let yaml =
            "amqp:\n  urls: [amqp://a/, http://u:s3cret@h/]\n  tls:\n    ca: /nowhere.pem\nworker:\n  lease: 3h\n"
        let text = ConfigurationError(faults: try await faults(yaml: yaml, ["STEVEDORE_HEALTH_PORT": "x"])).description
        #expect(text.contains("`amqp.urls`: address 2: a broker URL starts with amqp:// or amqps://"), "\(text)")
        #expect(text.contains("`amqp.tls.ca`: the file /nowhere.pem cannot be read: No such file"), "\(text)")
        #expect(text.contains("`worker.lease` is `3h`, but must be from 1s to 600s"), "\(text)")
        #expect(text.contains("`health.port`") && !text.contains("s3cret"), "\(text)")
    }

    @Test("variables that look like settings and are none are known")
    func strangeVariables() {
        let environment = [
            "STEVEDORE_FOO_BAR": "1", "STEVEDORE_ERP_REST_TOKEN_FILE": "x", "STEVEDORE_AMQP_URLS": "x", "HOME": "/",
        ]
        #expect(Configuration.strangeVariables(in: environment) == ["STEVEDORE_FOO_BAR"])
    }
}
