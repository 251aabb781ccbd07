/// Text in a page of HTML.
package enum HTMLText {
    /// For content and for attributes in quotation marks: it makes no tag and ends none.
    package static func escaped(_ text: String) -> String {
        // Scalar by scalar: a mark that joins a quote makes another letter of both, and still ends an attribute.
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
