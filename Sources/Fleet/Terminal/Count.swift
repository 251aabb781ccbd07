/// Numbers and nouns in sentences.
package enum Count {
    /// `1 message`, `1,000 messages`.
    package static func text(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
        grouped(number) + " " + (number == 1 ? singular : plural ?? singular + "s")
    }

    /// `1,000,000`.
    package static func grouped(_ number: Int) -> String {
        var (digits, result) = (Array(String(number.magnitude)), "")
        while digits.count > 3 {
            result = "," + String(digits.suffix(3)) + result
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + String(digits) + result
    }
}
