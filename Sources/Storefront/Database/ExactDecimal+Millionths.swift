internal import Models

extension ExactDecimal {
    /// The number in millionths, to compare and to add in SQL. What has more than six decimals is rounded, and what does
    /// not fit becomes the largest or the smallest number there is.
    var millionths: Int64 { rounded(to: 6)?.units ?? (isNegative ? .min : .max) }
}
