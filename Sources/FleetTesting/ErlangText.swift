/// An Erlang binary with this text: `<<"orders.to-erp"/utf8>>`.
func erlang(_ text: String) -> String { "<<\(erlangText(text))/utf8>>" }

/// An Erlang string literal.
func erlangText(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": literal += "\\\(scalar)"
        case _ where scalar.value < 0x20 || scalar.value > 0x7E:
            literal += "\\x{\(String(scalar.value, radix: 16))}"
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}

/// The text of an answer that is one string.
func unquoted(_ answer: String) -> String {
    guard answer.count >= 2, answer.first == "\"", answer.last == "\"" else { return "" }
    return String(answer.dropFirst().dropLast()).replacing("\\n", with: "\n")
}

/// A name that no other test has.
func randomName() -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    return String((0..<10).map { _ in letters[Int.random(in: letters.indices)] })
}
