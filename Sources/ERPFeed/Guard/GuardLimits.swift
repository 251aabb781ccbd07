/// From when on a batch of changes looks like a mistake in the ERP. Shares are percentages; 100 never stops anything.
struct GuardLimits: Sendable {
    /// Products that were available and would not be any more.
    var stockZeroed = 50
    /// Prices that would move by more than ``priceStep``.
    var pricesMoved = 50
    /// By how much a price has to move to count.
    var priceStep = 30
    /// Prices that a page would take away.
    var pricesDropped = 50
    /// By how much a full read may be shorter than the one before.
    var rowsDropped = 20
    /// Fewer than this are never a batch.
    var minimum = 20
}
