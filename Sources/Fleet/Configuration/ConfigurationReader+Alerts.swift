internal import MailClient
internal import Storefront

extension ConfigurationReader {
    /// Who is told of which alerts.
    mutating func alertRules() -> [AlertRule] {
        let key = ConfigurationKey.alertRules
        let reader = AlertRuleReader(source.sections[key.name])
        for fault in reader.faults { faultUnusable(key, at: fault.place, fault.reason) }
        return reader.rules
    }

    /// How alerts go out by mail; nil when nobody wants any and there is no server.
    mutating func alertMail(for rules: [AlertRule]) -> AlertMailSettings? {
        let isWanted = rules.contains { !$0.addresses.isEmpty }
        let server = mailServer(isNeeded: isWanted)
        let from = sender(isNeeded: isWanted || optionalText(.alertMailURL) != nil)
        guard let server, let from else { return nil }
        return AlertMailSettings(server: server, from: from)
    }

    /// Where alerts are posted to; nil when no rule wants it and there is no address.
    mutating func alertWebhook(for rules: [AlertRule]) -> WebhookEndpoint? {
        let isNeeded = rules.contains(where: \.webhook) || optionalText(.alertWebhookURL) != nil
        return webhook(.alerts, isNeeded: isNeeded)
    }

    // MARK: - The mail server

    private mutating func mailServer(isNeeded: Bool) -> MailServer? {
        let authorities = optionalFile(.alertMailCA)
        let security = mailSecurity()
        guard let url = optionalText(.alertMailURL) else {
            if isNeeded { faultMissing(.alertMailURL) }
            return nil
        }
        guard isMailAddress(url), isLoginWhole() else { return nil }
        do throws(MailError) {
            return try MailServer(
                url: url, security: security, user: optionalText(.alertMailUser),
                password: optionalText(.alertMailPassword), caFile: authorities)
        } catch {
            // Address and login are whole, so it is how they go together.
            faultUnusable(.alertMailSecurity, Self.reason(error))
            return nil
        }
    }

    private mutating func mailSecurity() -> MailServer.Security? {
        guard let text = optionalText(.alertMailSecurity) else { return nil }
        let security = MailServer.Security(rawValue: text)
        if security == nil { faultWrong(.alertMailSecurity, text) }
        return security
    }

    /// Its own words say what is wrong with an address, and never quote one.
    private mutating func isMailAddress(_ url: String) -> Bool {
        do throws(MailError) {
            _ = try MailServer(url: url)
            return true
        } catch {
            faultUnusable(.alertMailURL, Self.reason(error))
            return false
        }
    }

    private mutating func isLoginWhole() -> Bool {
        let (user, password) = (optionalText(.alertMailUser), optionalText(.alertMailPassword))
        if user != nil, password == nil { faultUnusable(.alertMailUser, "needs `alerts.mail.password` as well") }
        if user == nil, password != nil { faultUnusable(.alertMailPassword, "needs `alerts.mail.user` as well") }
        return (user == nil) == (password == nil)
    }

    private static func reason(_ error: MailError) -> String {
        if case .invalidServer(let why) = error { why } else { error.sentence }
    }

    private mutating func sender(isNeeded: Bool) -> NamedAddress? {
        guard let text = optionalText(.alertMailFrom) else {
            if isNeeded { faultMissing(.alertMailFrom) }
            return nil
        }
        let address = NamedAddress(mailbox: text)
        if address == nil {
            faultWrong(.alertMailFrom, text, allowed: "a mailbox such as `Stevedore <stevedore@example.com>`")
        }
        return address
    }
}
