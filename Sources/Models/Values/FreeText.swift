/// Text from another system, made to fit a field of free text.
public enum FreeText {
    /// `text` without control characters, but for line breaks and tabs, cut at `length` Unicode scalars, which is what the
    /// contracts count.
    public static func fitting(_ text: String, in length: Int) -> String {
        let kept = text.unicodeScalars.lazy.filter { scalar in
            scalar == "\n" || scalar == "\t" || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value))
        }
        return String(String.UnicodeScalarView(kept.prefix(max(length, 0))))
    }
}
