/// Text made safe for HTML and SVG, between tags and inside quoted attributes.
///
/// It goes scalar by scalar: swift-mustache's own escaping goes by characters and lets a quotation mark pass when a
/// combining accent follows it. Control characters, which XML forbids, become U+FFFD.
///
/// - Parameter text: any text, trusted or not.
/// - Returns: the text with `& < > " '` as entities.
public func escapedMarkup(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        case "\n", "\t", "\r": result.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value & 0xfffe == 0xfffe:
            result += "\u{fffd}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// A picture that may stand in a page as it is.
public struct SVG: Sendable, Hashable {
    /// The `<svg …>…</svg>` element.
    public let source: String

    /// Takes the source of a picture.
    ///
    /// - Parameter source: one `<svg>` element that the caller has made itself; any text from outside in it must have
    ///   gone through `escapedMarkup(_:)`.
    public init(trusting source: String) {
        self.source = source
    }
}
