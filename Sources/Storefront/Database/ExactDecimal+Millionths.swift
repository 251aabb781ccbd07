internal import Models

extension ExactDecimal {
    /// The number in millionths, to compare and to add in SQL. What has more than six decimals is rounded, and what does
    /// not fit becomes the largest or the smallest number there is.
    var millionths: Int64 {
        if let rounded = rounded(to: 6) { return rounded.units }
        // More than eighteen digits: fewer than six decimals, and Int64 has room for some of them.
        var power: Int64 = 1
        for _ in scale..<6 { power *= 10 }
        let (product, isTooLarge) = units.multipliedReportingOverflow(by: power)
        return isTooLarge ? (isNegative ? .min : .max) : product
    }
}
