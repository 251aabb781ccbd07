/// Payment card numbers, which have no place in any message, least of all in the fault that says so.
enum CardNumber {
    /// The name of the rule that one breaks.
    static let rule = "card-number"

    /// Whether these are 13 to 19 digits, perhaps with blanks or dashes between them, whose check digit is right.
    static func isOne(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 13 else { return false }
        var (count, sum) = (0, 0)
        for byte in bytes.reversed() where byte != UInt8(ascii: " ") && byte != UInt8(ascii: "-") {
            let digit = Int(byte &- UInt8(ascii: "0"))
            guard digit <= 9 else { return false }
            let doubled = count % 2 == 0 ? digit : digit * 2
            sum += doubled > 9 ? doubled - 9 : doubled
            count += 1
        }
        return (13...19).contains(count) && sum % 10 == 0
    }
}
