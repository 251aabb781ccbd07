package import Models

/// What quotes-worker is told.
package struct QuoteSettings: Hashable, Sendable {
    /// What figures may rest on.
    package var policy = QuotePolicy()
    /// How long an asker waits who does not say so.
    package var patience: Duration = .seconds(2)
    /// What is kept of an asker's time for composing and sending the answer.
    package var reserve: Duration = .milliseconds(100)
    /// Questions that one worker has in hand at most.
    package var questionsInHand = 2_000
    /// Questions that one worker has in flight to the ERP at most.
    package var erpCalls = 32
    /// Figures that the cache remembers at most.
    package var cacheRows = 200_000
    /// How long what the ERP has said is given in its place.
    package var expiry: [QuoteFallback.Question: Duration] = [
        .price: .seconds(86_400), .availability: .seconds(4 * 3_600), .shipping: .seconds(7 * 86_400),
        .tax: .seconds(30 * 86_400),
    ]
    /// Of one unit of what has no weight of its own, in kilograms; nil where it may not be guessed.
    package var defaultWeight: ExactDecimal?
    /// What freight is reckoned from.
    package var freight = FreightTariff()
    /// What tax is reckoned from, in percent.
    package var taxRates = PlaceTable<ExactDecimal>()

    /// Everything by default, with nothing to reckon from.
    package init() {}
}
