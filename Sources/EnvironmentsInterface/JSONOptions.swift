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
            let merged = standard.merging(values) { $1 }
            return try JSONText.decode(Options.self, from: JSONText.encode(merged))
        } catch let error as DecodingError {
            throw misfit(error)
        } catch {
            throw .badOption(name: "options", reason: "\(error)")
        }
    }

    private func misfit(_ error: DecodingError) -> EnvironmentError {
        let (context, type): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(let type, let context): (context, "\(type)")
            case .valueNotFound(let type, let context): (context, "\(type)")
            case .keyNotFound(_, let context), .dataCorrupted(let context): (context, "a value that it can have")
            @unknown default: (.init(codingPath: [], debugDescription: ""), "another type")
            }
        let name = context.codingPath.first?.stringValue ?? "options"
        let value = values[name].map { "\($0)" } ?? "missing"
        return .badOption(name: name, reason: "it is \(value), must be \(Self.words[type] ?? type)")
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
