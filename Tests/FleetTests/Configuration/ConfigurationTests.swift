import FleetTesting
import Ledger
import Storefront
import Testing

@testable import Fleet

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct ConfigurationTests: ConfigurationFixture {
    @Test("without a file and an environment there are defaults for everything")
    func defaults() throws {
        let configuration = try Configuration(file: nil, environment: [:])
        #expect(configuration.amqpURLs == ["amqp://guest:guest@127.0.0.1:5672/"])
        #expect(configuration.grace == .seconds(20))
        #expect(configuration.erpToken == nil)
    }

    @Test("the environment wins over the file, and the file over the default")
    func order() async throws {
        let yaml = "worker:\n  prefetch: 50\n  grace: 5s\nlog.level: debug\n"
        let configuration = try await read(yaml: yaml, ["STEVEDORE_WORKER_PREFETCH": "60"])
        #expect(configuration.prefetch == 60)
        #expect(configuration.grace == .seconds(5))
        #expect(configuration.logLevel == "debug")
        #expect(configuration.callPrefetch == 128)
    }

    @Test("several broker addresses come as a list, or with commas between them")
    func lists() async throws {
        let yaml = "amqp:\n  urls: [amqp://a/, amqp://b/]\n"
        #expect(try await read(yaml: yaml).amqpURLs == ["amqp://a/", "amqp://b/"])
        let variable = ["STEVEDORE_AMQP_URLS": "amqp://a/, amqp://b/"]
        #expect(try await read(yaml: "", variable).amqpURLs == ["amqp://a/", "amqp://b/"])
    }

    @Test("tracking links come as a map, or as NAME=TEXT with commas between them")
    func trackingLinks() async throws {
        let (ups, dhl) = ("https://ups.example/?n={number}", "https://dhl.example/{number}")
        let yaml = "storefront:\n  tracking-links:\n    UPS: \(ups)\n    DHL: \(dhl)\n"
        #expect(try await read(yaml: yaml).trackingLinks.mapValues(\.text) == ["UPS": ups, "DHL": dhl])
        let variable = ["STEVEDORE_STOREFRONT_TRACKING_LINKS": "UPS=\(ups), DHL=\(dhl)"]
        #expect(try await read(yaml: "", variable).trackingLinks.mapValues(\.text) == ["UPS": ups, "DHL": dhl])
        #expect(try await read(yaml: "").trackingLinks.isEmpty)
    }

    @Test(
        "a tracking link that is none is named with its carrier",
        arguments: [
            "UPS: http://ups.example/{number}", "UPS: https://ups.example/", "UPS:", "UPS: [a]",
        ])
    func badTrackingLinks(entry: String) async throws {
        let faults = try await faults(yaml: "storefront:\n  tracking-links:\n    \(entry)\n")
        #expect(faults.count == 1)
        #expect(faults.first?.description.contains("what `UPS` has must be an https:// address") == true)
    }

    @Test(
        "a safety buffer that is no quantity is named with its warehouse", arguments: ["-1", "1,5", "1.0000001", "x"])
    func badSafetyBuffers(quantity: String) async throws {
        let faults = try await faults(yaml: "storefront:\n  safety-buffer:\n    EAST: \"\(quantity)\"\n")
        #expect(faults.count == 1)
        #expect(faults.first?.description.contains("what `EAST` has must be a quantity, zero or more") == true)
    }

    @Test("a secret can come from a file, without the line end of an editor")
    func secretFiles() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("token")
            try write("s3cret\n", to: path)
            let environment = ["STEVEDORE_ERP_REST_TOKEN_FILE": path]
            #expect(try Configuration(file: nil, environment: environment).erpToken == "s3cret")
        }
        #expect(
            try await faults(["STEVEDORE_ERP_REST_TOKEN_FILE": "/nowhere/token"])
                == [.unreadableSecret("STEVEDORE_ERP_REST_TOKEN_FILE", "/nowhere/token")])
    }

    @Test(
        "an unknown setting is named with the one that was meant",
        arguments: [
            ("worker:\n  prefetsh: 5\n", "worker.prefetsh", "worker.prefetch"),
            ("amqp:\n  url: amqp://a/\n", "amqp.url", "amqp.urls"), ("prefetch: 5\n", "prefetch", "worker.prefetch"),
            ("amqp: amqp://a/\n", "amqp", "amqp.urls"),
        ])
    func unknownKeys(yaml: String, key: String, suggestion: String) async throws {
        let faults = try await faults(yaml: yaml)
        guard case .unknownKey(key, _, suggestion) = faults.first else {
            Issue.record("\(faults)")
            return
        }
    }

    @Test("a setting like no other is unknown without a suggestion")
    func noSuggestion() async throws {
        let faults = try await faults(yaml: "colour: red\n")
        guard case .unknownKey("colour", _, nil) = faults.first else {
            Issue.record("\(faults)")
            return
        }
    }

    @Test("a slip in a variable's name is a fault, and other variables are none of our business")
    func variables() async throws {
        #expect(
            try await faults(["STEVEDORE_AMQP_URL": "amqp://a/"])
                == [.unknownVariable("STEVEDORE_AMQP_URL", suggestion: "STEVEDORE_AMQP_URLS")])
        #expect(try await faults(["STEVEDORE_CRASH_AT": "x", "STEVEDORE_TEST_SEED": "1", "PATH": "/bin"]) == [])
    }

    @Test("everything wrong is said at once, with the place and what is allowed")
    func allAtOnce() async throws {
        let yaml = "worker:\n  prefetch: many\n  grace: 5 weeks\n  lease: 0s\nlog:\n  level: loud\n"
        let faults = try await faults(yaml: yaml, ["STEVEDORE_HEALTH_PORT": "70000", "STEVEDORE_ERP_REST_URL": ""])
        let keys = faults.map { fault -> String in
            switch fault {
            case .wrongValue(let key, _, _, _), .missing(let key, _): key
            default: "\(fault)"
            }
        }
        #expect(
            Set(keys) == [
                "worker.prefetch", "worker.grace", "worker.lease", "log.level", "health.port", "erp.rest.url",
            ])
        #expect(keys.count == 6, "each once")
        let text = ConfigurationError(faults: faults).description
        #expect(text.contains("`worker.prefetch` is `many`, but must be a whole number from 1 to 2000"))
        #expect(text.contains("STEVEDORE_HEALTH_PORT"))
    }

    @Test("an empty number is missing, and nothing else")
    func emptyNumber() async throws {
        #expect(
            try await faults(["STEVEDORE_WORKER_PREFETCH": ""])
                == [.missing(key: "worker.prefetch", variable: "STEVEDORE_WORKER_PREFETCH")])
    }

    @Test("an empty optional setting counts as not set")
    func emptyOptional() async throws {
        #expect(try await read(yaml: "", ["STEVEDORE_AMQP_TLS_CA": ""]).amqpCA == nil)
    }

    @Test("a list where one value belongs is a fault, not its first entry")
    func unwantedList() async throws {
        let faults = try await faults(yaml: "ledger:\n  path: [a.db, b.db]\n")
        guard case .wrongValue("ledger.path", "[a.db, b.db]", _, _) = faults.first else {
            Issue.record("\(faults)")
            return
        }
    }

    @Test("a file that is not there, and one that is not YAML, are faults")
    func files() async throws {
        #expect(throws: ConfigurationError(faults: [.unreadableFile("/nowhere.yaml")])) {
            try Configuration(file: "/nowhere.yaml", environment: [:])
        }
        for yaml in ["a: [1\n", "- a list\n", "just text\n"] {
            let faults = try await faults(yaml: yaml)
            guard case .invalidYAML = faults.first else {
                Issue.record("\(yaml): \(faults)")
                return
            }
        }
    }

    @Test("what is wrong with the YAML is said with its place, and nothing of the file's text")
    func yamlSecrets() async throws {
        for yaml in [
            "amqp:\n  urls: [amqp://u:s3cret@h/\nledger: 1\n", "a: 1\n\tamqp: s3cret\n", "amqp: 's3cret\n",
            "s3cret: 1\ns3cret: 2\n", "a: &s3cret [\n", "a: *s3cret\n", "amqp://u:s3cret@h/: 5\n",
        ] {
            let text = ConfigurationError(faults: try await faults(yaml: yaml)).description
            #expect(!text.contains("s3cret"), "\(yaml)")
            #expect(text.contains("line") || text.contains("no setting"), "\(text)")
        }
    }

    @Test(
        "an address is http or https with a host, and without a password, which would be shown",
        arguments: [
            ("http://127.0.0.1:8090", true), ("https://erp.example.com/api/", true), ("http://[::1]:80", true),
            ("localhost:8090", false), ("ftp://erp", false), ("http://", false), ("http://:80", false),
            ("http://erp:0", false), ("http://erp:x", false), ("http://er p", false), ("http://erp?a=b", false),
            ("http://u:s3cret@erp", false), ("http://u:s3c/ret@erp", false), ("s3cret@erp", false),
        ])
    func addresses(text: String, isRight: Bool) async throws {
        let environment = ["STEVEDORE_ERP_REST_URL": text]
        let faults = try await faults(environment)
        #expect(faults.isEmpty == isRight)
        let shown =
            ConfigurationError(faults: faults).description
            + "\(Configuration.effective(file: nil, environment: environment))"
        #expect(!shown.contains("s3c"), "\(shown)")
        if !isRight { #expect(shown.contains("erp.rest.token")) }
    }

    @Test("the address of the management plugin is a secret, and may hold a password")
    func management() async throws {
        let environment = ["STEVEDORE_AMQP_MANAGEMENT": "http://u:s3cret@h:15672"]
        #expect(try await read(yaml: "", environment).amqpManagement == "http://u:s3cret@h:15672")
        #expect(!"\(Configuration.effective(file: nil, environment: environment))".contains("s3cret"))
        #expect(try await faults(["STEVEDORE_AMQP_MANAGEMENT": "h:15672"]).count == 1)
    }

    @Test("effective values say where they come from and hide secrets")
    func effective() throws {
        let environment = ["STEVEDORE_ERP_REST_TOKEN": "s3cret", "STEVEDORE_AMQP_URLS": "amqp://u:s3cret@h/"]
        let rows = Configuration.effective(file: nil, environment: environment)
        #expect(rows.count == ConfigurationKey.all.count)
        #expect(!"\(rows)".contains("s3cret"))
        let token = try #require(rows.first { $0.key == "erp.rest.token" })
        #expect(token.value == "(hidden)" && token.origin == "STEVEDORE_ERP_REST_TOKEN")
        let grace = try #require(rows.first { $0.key == "worker.grace" })
        #expect(grace.value == "20s" && grace.origin == "default")
    }

    @Test("a secret is hidden in a fault, too")
    func hiddenFault() async throws {
        let faults = try await faults(yaml: "erp:\n  rest:\n    token: [s3cret, other]\n")
        #expect(!ConfigurationError(faults: faults).description.contains("s3cret"))
        #expect(faults.count == 1)
    }
}
