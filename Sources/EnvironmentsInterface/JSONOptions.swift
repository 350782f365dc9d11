import Environments

/// Options as JSON text: an object with the options that differ from the standard ones.
struct JSONOptions: TaskOptionReader {
    private let values: [String: JSONValue]

    /// Reads the text; an empty one has no options.
    init(_ text: String) throws(EnvironmentError) {
        if text.isEmpty {
            values = [:]
            return
        }
        guard let values = try? JSONText.decode([String: JSONValue].self, from: text) else {
            throw .badOption(name: "options", reason: "the text isn't a JSON object: \(text.prefix(80))")
        }
        self.values = values
    }

    func read<Options: Codable>(over options: Options) throws(EnvironmentError) -> Options {
        // Stored properties are what an option struct encodes; those that are nil are missing in the encoded text.
        let names = Mirror(reflecting: options).children.compactMap(\.label)
        for name in values.keys.sorted() where !names.contains(name) {
            throw .badOption(name: name, reason: Self.advice(name, names))
        }
        if values.isEmpty { return options }
        do {
            let standard = try JSONText.decode([String: JSONValue].self, from: JSONText.encode(options))
            // One after the other, so that a value that doesn't fit is known by its name.
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                do { _ = try Self.decode(Options.self, standard.merging([name: value]) { $1 }) } catch {
                    throw Self.misfit(name, value, error)
                }
            }
            return try Self.decode(Options.self, standard.merging(values) { $1 })
        } catch {
            throw error as? EnvironmentError ?? .badOption(name: "options", reason: "\(error)")
        }
    }

    private static func decode<Options: Decodable>(_ type: Options.Type, _ values: [String: JSONValue]) throws
        -> Options
    {
        try JSONText.decode(type, from: JSONText.encode(values))
    }

    private static func misfit(_ name: String, _ value: JSONValue, _ error: any Error) -> EnvironmentError {
        let wanted: String? =
            switch error {
            case DecodingError.typeMismatch(let type, _), DecodingError.valueNotFound(let type, _): "\(type)"
            default: nil
            }
        let sentence = wanted.map { words[$0] ?? $0 } ?? "a value that it can have"
        return .badOption(name: name, reason: "it is \(value), must be \(sentence)")
    }

    private static let words = [
        "Bool": "true or false", "Int": "a whole number", "UInt64": "a whole number from 0", "Double": "a number",
        "Float": "a number", "String": "a text",
    ]

    private static func advice(_ name: String, _ names: [String]) -> String {
        if names.isEmpty { return "there are no options here" }
        let lower = name.lowercased()
        let near = names.filter {
            let other = $0.lowercased()
            return other.contains(lower) || lower.contains(other) || other.prefix(4) == lower.prefix(4)
        }
        let known =
            near.isEmpty
            ? "known are \(names.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?"
        return "there is none of this name; \(known)"
    }
}
