/// Text from another system, made to fit a field of free text.
public enum FreeText {
    /// `text` without control characters, but for line breaks and tabs, cut at `length` Unicode scalars, which is what the
    /// contracts count.
    public static func fitting(_ text: String, in length: Int) -> String {
        let kept = text.unicodeScalars.lazy.filter { $0 == "\n" || $0 == "\t" || !isControl($0) }
        return String(String.UnicodeScalarView(kept.prefix(max(length, 0))))
    }

    /// Whether it is one of the control characters, which no text of the contracts needs and no key may hold.
    public static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
}
