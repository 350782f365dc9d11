/// One line of `metrics.jsonl` or `timings.jsonl`: a number or a text, under a tag, at a step.
///
/// A number that isn't finite is written as the string `"NaN"`, `"Infinity"` or `"-Infinity"`.
public struct MetricEntry: Hashable, Sendable {
    /// The step of the run that the value belongs to; the recipe decides what a step is.
    public let step: Int
    /// What was measured, for example `loss/validation`.
    public let tag: String
    /// The value.
    public let content: Content

    /// What an entry holds.
    public enum Content: Hashable, Sendable {
        /// A measured number.
        case value(Double)
        /// A text, for example a sample of the model's output.
        case text(String)
    }

    /// The line without its newline.
    ///
    /// Equal entries give equal bytes.
    var line: String {
        let end =
            switch content {
            case .value(let value): "\"value\":" + JSONValue.text(value)
            case .text(let text): "\"text\":" + JSONValue.quoted(text)
            }
        return "{\"step\":\(step),\"tag\":\(JSONValue.quoted(tag)),\(end)}"
    }
}

extension MetricEntry: Decodable {
    private enum CodingKeys: String, CodingKey {
        case step, tag, value, text
    }

    /// Decodes a line.
    ///
    /// - Parameter decoder: where to read from; it must accept "NaN" and the like as numbers.
    /// - Throws: `DecodingError` when `step`, `tag`, or both `value` and `text` are missing or of the wrong type.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        step = try container.decode(Int.self, forKey: .step)
        tag = try container.decode(String.self, forKey: .tag)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            content = .text(text)
        } else {
            content = .value(try container.decode(Double.self, forKey: .value))
        }
    }
}
