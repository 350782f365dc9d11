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
        if values.isEmpty { return options }
        do {
            let standard = try JSONText.decode(JSONValue.self, from: JSONText.encode(options))
            var merged = standard
            // One after the other, so that a value that doesn't fit is known by its name.
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                merged = try Self.set(name, to: value, in: merged, like: Mirror(reflecting: options))
                do { _ = try Self.decode(Options.self, merged) } catch { throw Self.misfit(name, value, error) }
            }
            return try Self.decode(Options.self, merged)
        } catch {
            throw error as? EnvironmentError ?? .badOption(name: "options", reason: "\(error)")
        }
    }

    /// Options with one of another value.
    ///
    /// Stored properties are what an option struct encodes; those that are nil are missing in the encoded object. A name
    /// may also be that of a property of an option that is a struct itself, and a value an object with some of those.
    private static func set(
        _ name: String, to value: JSONValue, in options: JSONValue, like mirror: Mirror
    ) throws(EnvironmentError) -> JSONValue {
        guard case .object(var members) = options else { return options }
        let parts = mirror.children.compactMap { child -> (name: String, mirror: Mirror)? in
            guard let name = child.label, case .object? = members[name] else { return nil }
            return (name, Mirror(reflecting: child.value))
        }
        let names = mirror.children.compactMap(\.label)
        if names.contains(name) {
            if let part = parts.first(where: { $0.name == name }), case .object(let changes) = value {
                var merged = members[name] ?? .null
                for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
                    merged = try set(name, to: value, in: merged, like: part.mirror)
                }
                members[name] = merged
            } else {
                members[name] = value
            }
            return .object(members)
        }
        guard let part = parts.first(where: { $0.mirror.children.contains { $0.label == name } }) else {
            let inner = parts.flatMap { $0.mirror.children.compactMap(\.label) }
            throw .badOption(name: name, reason: advice(name, names + inner))
        }
        members[part.name] = try set(name, to: value, in: members[part.name] ?? .null, like: part.mirror)
        return .object(members)
    }

    private static func decode<Options: Decodable>(_ type: Options.Type, _ values: JSONValue) throws
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
