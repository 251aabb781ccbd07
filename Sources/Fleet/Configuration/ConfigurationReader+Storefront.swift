internal import Storefront

/// How the store is shown what the ERP says.
package enum StorefrontAdapter: String, Hashable, Sendable, CaseIterable {
    /// Tables that it reads.
    case database
    /// Posts that it takes.
    case webhook
}

extension ConfigurationReader {
    /// At least one.
    mutating func storefrontAdapters(_ key: ConfigurationKey) -> Set<StorefrontAdapter> {
        let words = list(key)
        for word in words where !word.isEmpty && StorefrontAdapter(rawValue: word) == nil {
            faultWrong(key, word, allowed: "database, webhook, or both")
        }
        return Set(words.compactMap { StorefrontAdapter(rawValue: $0) })
    }

    /// The store's place for posts, nil when it is not needed.
    mutating func webhook(isNeeded: Bool) -> WebhookEndpoint? { webhook(.store, isNeeded: isNeeded) }

    /// A place for posts; what is there is checked all the same, what is missing is a fault only where it is needed.
    mutating func webhook(_ keys: WebhookKeys, isNeeded: Bool) -> WebhookEndpoint? {
        let url = webhookURL(keys.url, isNeeded: isNeeded)
        let secrets = webhookSecrets(keys.secret, isNeeded: isNeeded)
        let hosts = source.values[keys.allowedHosts.name] ?? []
        guard let url, isNeeded else { return nil }
        do throws(WebhookEndpoint.Fault) {
            return try WebhookEndpoint(url: url, secrets: secrets, allowedHosts: hosts)
        } catch {
            // That there is no secret has been said.
            if error != .noSecret { fault(error, keys) }
            return nil
        }
    }

    private mutating func webhookURL(_ key: ConfigurationKey, isNeeded: Bool) -> WebhookURL? {
        guard let text = optionalText(key) else {
            if isNeeded { faultMissing(key) }
            return nil
        }
        let url = WebhookURL(text)
        if url == nil {
            faultWrong(key, text, allowed: "an address such as https://store.example/hooks, without user and password")
        }
        return url
    }

    private mutating func webhookSecrets(_ key: ConfigurationKey, isNeeded: Bool) -> [WebhookSecret] {
        let texts = source.values[key.name] ?? []
        if texts.isEmpty, isNeeded { faultMissing(key) }
        let secrets = texts.compactMap { WebhookSecret($0) }
        if secrets.count < texts.count {
            faultUnusable(
                key, "must be `whsec_` and the base64 of 24 to 64 random bytes, several with a comma between them")
            return []
        }
        return secrets
    }

    /// Named at the setting where it is mended.
    private mutating func fault(_ fault: WebhookEndpoint.Fault, _ keys: WebhookKeys) {
        let sentence = fault.sentence(allowedHostsIn: keys.allowedHosts.name)
        switch fault {
        case .noSecret: faultUnusable(keys.secret, sentence)
        case .noAllowedHosts, .notAHost: faultUnusable(keys.allowedHosts, sentence)
        case .notSecure, .notAllowed: faultUnusable(keys.url, sentence)
        }
    }
}

/// The settings of one place for posts.
struct WebhookKeys {
    let url: ConfigurationKey
    let secret: ConfigurationKey
    let allowedHosts: ConfigurationKey

    static let store = WebhookKeys(
        url: .webhookURL, secret: .webhookSecret, allowedHosts: .webhookAllowedHosts)
    static let alerts = WebhookKeys(
        url: .alertWebhookURL, secret: .alertWebhookSecret, allowedHosts: .alertWebhookAllowedHosts)
}
