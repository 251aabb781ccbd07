import FleetTesting
import MailClient
import Models
import Storefront
import Testing

@testable import Fleet

@Suite("Settings of alerts")
struct AlertSettingsTests: ConfigurationFixture {
    private static let mail = "  mail:\n    url: smtp://mail.example\n    from: Stevedore <stevedore@example.com>\n"

    /// What is said of these rules, each a line of YAML, with a mail server that is all right.
    private func said(_ rules: String) async throws -> [String] {
        try await faults(yaml: "alerts:\n\(Self.mail)  rules:\n\(rules)\n").map(\.description)
    }

    // MARK: - Rules

    @Test("without settings nobody is told")
    func standard() throws {
        let configuration = try Configuration(file: nil, environment: [:])
        #expect(configuration.alertRules.isEmpty && configuration.alertMail == nil)
        #expect(configuration.alertWebhook == nil)
        #expect(configuration.alertOutageAfter == .seconds(120))
    }

    @Test("a rule with everything is read as it stands")
    func whole() async throws {
        let yaml = """
            alerts:
            \(Self.mail)  webhook:
                url: https://ops.example/hook
                secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                allowed-hosts: ops.example
              outage-after: 5m
              rules:
                - name: purchasing
                  when:
                    flow: orders.*
                    code: [sku.*, price.*]
                    category: rejected
                    kind: [dead-letter, expectation]
                    severity: error
                    customer: C-20*
                    at-stake: 1000.50 USD
                  mail: [anna@example.com, bob@example.com, ANNA@example.com]
                  webhook: yes
                  digest: 0s
                  quiet-after: 2h
                  quiet-hours: "22:00-07:00"
                  escalate: {after: 90m, mail: boss@example.com}
            """
        let configuration = try await read(yaml: yaml)
        var rule = AlertRule(name: "purchasing")
        rule.when.flows = ["orders.*"]
        rule.when.codes = ["sku.*", "price.*"]
        rule.when.categories = ["rejected"]
        rule.when.kinds = [.deadLetter, .expectation]
        rule.when.severity = .error
        rule.when.customers = ["C-20*"]
        rule.when.atStake = try AlertSamples.stake("1000.50 USD")
        rule.mail = ["anna@example.com", "bob@example.com"]
        rule.webhook = true
        (rule.digest, rule.quietAfter) = (.zero, .seconds(7_200))
        rule.quietHours = QuietHours(from: 1_320, until: 420)
        rule.escalation = AlertRule.Escalation(after: .seconds(5_400), mail: ["boss@example.com"])
        #expect(configuration.alertRules == [rule])
        #expect(configuration.alertOutageAfter == .seconds(300))
        #expect(configuration.alertWebhook?.url.host == "ops.example")
    }

    @Test("names with a rule each do as well, and so does the environment")
    func named() async throws {
        let rules = "{night: {mail: a@example.com}, day: {when: {severity: info}, mail: b@example.com}}"
        let inFile = try await read(yaml: "alerts:\n\(Self.mail)  rules: \(rules)\n")
        #expect(inFile.alertRules.map(\.name) == ["night", "day"])
        let environment = ["STEVEDORE_ALERTS_RULES": rules]
        let outside = try await read(yaml: "alerts:\n\(Self.mail)", environment)
        #expect(outside.alertRules == inFile.alertRules)
        #expect(try await read(yaml: "alerts:\n  rules:\n").alertRules.isEmpty)
    }

    @Test(
        "what is wrong with a rule is named with its place and what is allowed",
        arguments: [
            ("    - {name: a, mail: nobody}", "`alerts.rules[0].mail`: (rule `a`) `nobody` must be a mail address"),
            ("    - {mail: a@example.com}", "`alerts.rules[0].name`: is missing"),
            ("    - {name: a}", "`alerts.rules[0]`: (rule `a`) tells nobody"),
            ("    - text", "`alerts.rules[0]`: must be a rule, such as"),
            ("    - {name: a, mails: b@example.com, mail: c@example.com}", "[0].mails`: (rule `a`) there is no"),
            ("    - {name: a, mails: b@example.com, mail: c@example.com}", "did you mean `mail`?"),
            ("    - {name: a, when: {severity: bad}, mail: c@example.com}", "is `bad`, but must be one of info, w"),
            ("    - {name: a, when: {category: lost}, mail: c@example.com}", "`lost`, but must be one of malformed"),
            ("    - {name: a, when: {kind: fire}, mail: c@example.com}", "`fire`, but must be one of dead-letter"),
            ("    - {name: a, when: {flow: orders.to-er}, mail: c@example.com}", "did you mean `orders.to-erp`?"),
            ("    - {name: a, when: {flow: x*}, mail: c@example.com}", "`x*` fits no flow; there are"),
            ("    - {name: a, when: {code: []}, mail: c@example.com}", "when.code`: (rule `a`) must be a text, or"),
            ("    - {name: a, when: {at-stake: 1000}, mail: c@example.com}", "must be an amount and a currency"),
            ("    - {name: a, when: , mail: c@example.com}", "`alerts.rules[0].when`: (rule `a`) must be conditions"),
            ("    - {name: a, webhook: maybe, mail: c@example.com}", "is `maybe`, but must be true or false"),
            ("    - {name: a, digest: 2d, mail: c@example.com}", "is `2d`, but must be a number with a unit"),
            ("    - {name: a, quiet-after: 1s, mail: c@example.com}", "from 1m to 8760h"),
            ("    - {name: a, quiet-hours: 22-7, mail: c@example.com}", "two different times such as 22:00-07:00"),
            ("    - {name: a, escalate: {after: 1h}}", "`alerts.rules[0].escalate.mail`: (rule `a`) is missing"),
            ("    - {name: a, escalate: {mail: c@example.com}}", "[0].escalate.after`: (rule `a`) is missing"),
            ("    a: {mail: nobody}", "`alerts.rules.a.mail`: `nobody` must be a mail address"),
            ("    a: {name: b, mail: c@example.com}", "`alerts.rules.a.name`: there is no such setting"),
        ])
    func faulty(rules: String, text: String) async throws {
        let said = try await said(rules)
        #expect(said.count == 1 && said.first?.contains(text) == true, "\(said)")
    }

    @Test("two rules of one name are a fault, in capitals or not")
    func twice() async throws {
        let said = try await said("    - {name: a, mail: c@example.com}\n    - {name: A, mail: c@example.com}")
        #expect(said.count == 1 && said.first?.contains("`alerts.rules[1].name`") == true, "\(said)")
    }

    @Test("everything that is wrong is said at once")
    func atOnce() async throws {
        let said = try await said(
            """
                - {name: a, when: {severity: bad}, mail: x, digest: soon}
                - {name: b}
                - {mail: a@example.com}
            """)
        let places = [
            "alerts.rules[0].when.severity", "alerts.rules[0].mail", "alerts.rules[0].digest", "alerts.rules[1]",
            "alerts.rules[2].name",
        ]
        #expect(said.count == places.count, "\(said)")
        #expect(places.allSatisfy { place in said.contains { $0.contains("`\(place)`") } }, "\(said)")
    }

    @Test("a password that strays into a rule is not quoted")
    func strayed() async throws {
        let said = try await said("    - {name: a, mail: 'smtp://me:s3cret@mail.example'}")
        #expect(said.count == 1 && !said.joined().contains("s3cret"), "\(said)")
    }

    // MARK: - Mail

    @Test("the mail server is spoken to by STARTTLS, and smtps by TLS, unless said otherwise")
    func security() async throws {
        let plain = try #require(try await read(yaml: "alerts:\n\(Self.mail)").alertMail)
        #expect(plain.server.security == .starttls && plain.from.name == "Stevedore")
        #expect(plain.from.address.text == "stevedore@example.com")
        let changes = ["STEVEDORE_ALERTS_MAIL_URL": "smtps://mail.example"]
        let secure = try #require(try await read(yaml: "alerts:\n\(Self.mail)", changes).alertMail)
        #expect(secure.server.security == .tls)
    }

    @Test(
        "what is wrong with the mail server is named, and no password is shown",
        arguments: [
            (["URL": "mail.example"], "`alerts.mail.url`: the URL does not begin with smtp://"),
            (["URL": "smtp://me:s3cret@mail.example"], "`alerts.mail.url`: the URL holds a user"),
            (["SECURITY": "ssl"], "`alerts.mail.security` is `ssl`, but must be one of none, starttls, tls"),
            (["URL": "smtps://mail.example", "SECURITY": "starttls"], "`alerts.mail.security`: smtps:// is TLS"),
            (["USER": "me"], "`alerts.mail.user`: needs `alerts.mail.password`"),
            (["PASSWORD": "s3cret"], "`alerts.mail.password`: needs `alerts.mail.user`"),
            (["USER": "me", "PASSWORD": "s3cret", "SECURITY": "none"], "`alerts.mail.security`: a login to mail"),
            (["CA": "/nowhere/ca.pem"], "`alerts.mail.ca`: the file /nowhere/ca.pem cannot be read"),
            (["FROM": "Stevedore"], "`alerts.mail.from` is `Stevedore`, but must be a mailbox"),
            (["FROM": ""], "`alerts.mail.from` is missing"),
        ])
    func faultyMail(changes: [String: String], text: String) async throws {
        let environment = Dictionary(
            uniqueKeysWithValues: changes.map { ("STEVEDORE_ALERTS_MAIL_" + $0.key, $0.value) })
        let said = try await faults(yaml: "alerts:\n\(Self.mail)", environment).map(\.description)
        #expect(said.count == 1 && said.first?.contains(text) == true, "\(said)")
        #expect(!said.joined().contains("s3cret"))
    }

    @Test("a password goes in the clear to this machine alone")
    func loopback() async throws {
        let environment = [
            "STEVEDORE_ALERTS_MAIL_URL": "smtp://127.0.0.1:2525", "STEVEDORE_ALERTS_MAIL_SECURITY": "none",
            "STEVEDORE_ALERTS_MAIL_USER": "me", "STEVEDORE_ALERTS_MAIL_PASSWORD": "s3cret",
        ]
        #expect(try await read(yaml: "alerts:\n\(Self.mail)", environment).alertMail?.server.port == 2_525)
    }

    @Test("rules that tell somebody need a mail server and a sender, and posts a place: each is missed once")
    func missing() async throws {
        let rules = "{a: {mail: a@example.com}, b: {escalate: {after: 1h, mail: b@example.com}}, c: {webhook: true}}"
        let said = try await faults(yaml: "alerts:\n  rules: \(rules)\n").map(\.description)
        let keys = ["alerts.mail.url", "alerts.mail.from", "alerts.webhook.url", "alerts.webhook.secret"]
        #expect(said.count == keys.count, "\(said)")
        #expect(keys.allSatisfy { key in said.contains { $0.contains("`\(key)` is missing") } }, "\(said)")
    }

    @Test(
        "a mailbox is an address with a name or without",
        arguments: [
            ("a@example.com", nil), ("<a@example.com>", nil), ("Ana Ruiz <a@example.com>", "Ana Ruiz"),
            ("\"Ruiz, Ana\" <a@example.com>", "Ruiz, Ana"),
        ] as [(String, String?)])
    func mailboxes(text: String, name: String?) throws {
        let mailbox = try #require(NamedAddress(mailbox: text))
        #expect(mailbox.name == name && mailbox.address.text == "a@example.com")
    }

    // MARK: - The webhook

    @Test("a host that may not be posted to is named with the allow list of alerts")
    func webhookHost() async throws {
        let environment = [
            "STEVEDORE_ALERTS_WEBHOOK_URL": "https://ops.example/",
            "STEVEDORE_ALERTS_WEBHOOK_ALLOWED_HOSTS": "x.example",
            "STEVEDORE_ALERTS_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ]
        let said = try await faults(environment).map(\.description)
        let text = "`alerts.webhook.url`: the host `ops.example` is not in `alerts.webhook.allowed-hosts`"
        #expect(said.count == 1 && said.first?.contains(text) == true, "\(said)")
    }

    // MARK: - Showing

    @Test("rules are shown on one line, and secrets are not")
    func shown() {
        let environment = [
            "STEVEDORE_ALERTS_RULES": "{a: {mail: a@example.com}}", "STEVEDORE_ALERTS_MAIL_PASSWORD": "s3cret",
            "STEVEDORE_ALERTS_WEBHOOK_SECRET": "whsec_s3cret",
        ]
        let shown = Configuration.effective(file: nil, environment: environment)
        #expect(shown.filter(Self.isRules).map(\.value) == ["{a: {mail: a@example.com}}"])
        #expect(!shown.map(\.value).joined().contains("s3cret"))
    }

    private static func isRules(_ row: (key: String, value: String, origin: String)) -> Bool {
        row.key == "alerts.rules"
    }
}
