/// What is rehearsed: an outage of the ERP, what arrives meanwhile, and what goes wrong besides. All times are those of the
/// virtual clock, in seconds, unless they say otherwise.
struct RehearsalPlan: Hashable, Sendable {
    var outage = 86_400.0
    var ordersPerHour = 2_000.0
    /// How much faster than a real clock the outage is played.
    var speed = 1_440.0
    /// The part of the orders that is changed once, and that is called off.
    var amendments = 0.05
    var cancellations = 0.03
    var stockPerHour = 0.0
    var quotesPerHour = 0.0
    var erp = DeclaredERP()
    var workers = 2
    var kills = 0
    var restartsBroker = false
    var seed: UInt64 = 1

    static let mostOrders = 10_000_000.0
    /// The largest whole number that every reader of JSON takes as it is.
    static let mostSeed: UInt64 = 9_007_199_254_740_991

    /// Orders that are placed during the outage.
    var orders: Int { Int((outage / 3_600 * ordersPerHour).rounded()) }
    var ordersPerSecond: Double { ordersPerHour / 3_600 }
    /// With its amendment and cancellation an order is more than one message.
    var messagesPerOrder: Double { 1 + amendments + cancellations }
    var messages: Int { Int((Double(orders) * messagesPerOrder).rounded()) }
    /// How long the outage takes on a real clock, if this machine keeps up.
    var realSeconds: Double { outage / speed }

    /// What is to be expected of the real fleet and the real ERP.
    var projection: DrainProjection {
        DrainProjection(
            backlog: Double(messages), callsPerSecond: erp.rate,
            arrivalsPerSecond: ordersPerSecond * messagesPerOrder)
    }

    /// What makes no sense; nil when it can be played.
    var fault: String? {
        let rates = [("--orders-per-hour", ordersPerHour, "2000"), ("--speed", speed, "1440")]
        guard outage >= 1 else { return "--outage is at least 1s, such as 24h: else there is nothing to rehearse" }
        for (name, value, example) in rates where !(value.isFinite && value > 0) {
            return "\(name) is a number above 0, such as \(example)"
        }
        for (name, value) in [("--stock-per-hour", stockPerHour), ("--quotes-per-hour", quotesPerHour)]
        where !(value.isFinite && value >= 0) { return "\(name) is a number from 0 on, such as 7200" }
        guard outage / 3_600 * ordersPerHour <= Self.mostOrders else {
            return "these are more than 10,000,000 orders: choose a shorter --outage or fewer --orders-per-hour"
        }
        guard outage / 3_600 * max(stockPerHour, quotesPerHour) <= Self.mostOrders else {
            return "these are more than 10,000,000 messages of stock or questions: choose fewer an hour"
        }
        if orders < 1 { return "no order falls into this outage: choose a longer --outage or more --orders-per-hour" }
        return faultOfFleet
    }

    private var faultOfFleet: String? {
        if let rate = erp.callsPerSecond, !(rate.isFinite && rate > 0) {
            return "--erp-calls-per-second is a number above 0, such as 10 or 0.5"
        }
        if !(0...60).contains(erp.latency) { return "--erp-latency is from 0ms to 60s, such as 50ms" }
        if !(1...2_000).contains(erp.atOnce) { return "--erp-at-once is a whole number from 1 to 2000, such as 32" }
        if erp.callsPerSecond == nil, erp.latency == 0 {
            return "an ERP without latency has no limit: give it --erp-calls-per-second, or an --erp-latency"
        }
        if !(1...32).contains(workers) { return "--workers is a whole number from 1 to 32, such as 2" }
        if !(0...1_000).contains(kills) { return "--kill-workers is a whole number from 0 to 1000, such as 5" }
        if seed > Self.mostSeed { return "--seed is a whole number from 0 to \(Self.mostSeed), such as 1" }
        return nil
    }

    /// How fast the drain is played, so that ERP and arrivals keep their proportion: as fast as the outage, or as this machine's
    /// fleet follows with a fifth in hand. Below 1 it is slower than a real clock.
    func drainSpeed(fleetCallsPerSecond: Double) -> Double {
        min(speed, max(fleetCallsPerSecond, 1) * 0.8 / erp.rate)
    }
}
