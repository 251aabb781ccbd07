public import Models

/// Why the store cannot be shown something yet: what is missing may still come, so that waiting may help.
public enum StorefrontError: Error, Hashable, Sendable {
    /// The store has not been shown the shipment's order: it may come.
    case orderUnknown(OrderReference)
    /// The account pays in another currency than the prices are in.
    case currencyDiffers(account: String, currency: Currency)

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .orderUnknown: "shipment.order-unknown"
        case .currencyDiffers: "prices.currency"
        }
    }

    /// One sentence in business language.
    public var sentence: String {
        switch self {
        case .orderUnknown(.online(let number)):
            "The store knows no order \"\(number)\", which this shipment belongs to."
        case .orderUnknown(.offline(let number)):
            "The store knows no order that the ERP keyed as \"\(number)\", which this shipment belongs to."
        case .currencyDiffers(let account, let currency):
            "Account \"\(account)\" pays in \(currency.code), and these prices are in another currency."
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .orderUnknown:
            "Nothing to do while it waits: it is shown within minutes of the order. If the order never comes, see why with the ERP and the order's dead letters, then replay."
        case .currencyDiffers:
            "Correct the currency of the account or of the prices in the ERP. While it waits it is shown within minutes of the account paying in it; afterwards replay it."
        }
    }
}
