import Foundation
public import RunRecords

/// One `--set name=value`: a changed setting of a recipe.
public struct Setting: Sendable, Equatable {
    /// The setting's name; parts of nested settings are joined by dots.
    public let name: String
    /// The value as typed.
    public let text: String

    /// Takes a setting apart.
    ///
    /// - Parameter argument: `name=value`.
    /// - Throws: `RecipeError.malformedSetting` without a `=` or a name.
    public init(_ argument: String) throws(RecipeError) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw .malformedSetting(text: argument)
        }
        name = String(argument[..<equals])
        text = String(argument[argument.index(after: equals)...])
    }

    /// The settings of a configuration by name.
    ///
    /// - Parameter configuration: a configuration as JSON.
    /// - Returns: the paths of all values that aren't objects, sorted.
    public static func names(in configuration: JSONValue) -> [String] {
        guard case .object(let members) = configuration else { return [] }
        return members.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
            let inner = names(in: value)
            return inner.isEmpty ? [key] : inner.map { key + "." + $0 }
        }
    }

    /// Puts the value in the place of the one that a configuration has.
    ///
    /// - Parameter configuration: a configuration as JSON.
    /// - Returns: the changed configuration.
    /// - Throws: `RecipeError.unknownSetting`, or `.badValue` when the value is of another kind than the present one.
    public func applied(to configuration: JSONValue) throws(RecipeError) -> JSONValue {
        let known = Self.names(in: configuration)
        guard known.contains(name) else { throw .unknownSetting(name: name, known: known) }
        return try replacing(in: configuration, name.split(separator: ".").map(String.init))
    }

    private func replacing(in value: JSONValue, _ path: [String]) throws(RecipeError) -> JSONValue {
        guard let key = path.first else { return try parsed(like: value) }
        guard case .object(var members) = value, let inner = members[key] else {
            throw .unknownSetting(name: name, known: Self.names(in: value))
        }
        members[key] = try replacing(in: inner, Array(path.dropFirst()))
        return .object(members)
    }

    /// Reads the text as a value of the same kind as the present one.
    private func parsed(like present: JSONValue) throws(RecipeError) -> JSONValue {
        let value = try? JSONValue(parsing: text)
        switch (present, value) {
        case (.string, .string(let words)): return .string(words)
        case (.string, _): return .string(text)
        case (.boolean, .boolean), (.array, .array), (.object, .object): return value ?? .null
        case (.integer, .integer), (.integer, .unsigned), (.integer, .number): return value ?? .null
        case (.unsigned, .integer), (.unsigned, .unsigned), (.unsigned, .number): return value ?? .null
        case (.number, .integer), (.number, .unsigned), (.number, .number): return value ?? .null
        default:
            let kind = Self.kind(of: present)
            throw .badValue(
                name: name, value: text, reason: "the value must be \(kind), as in \(name)=\(present.text).")
        }
    }

    private static func kind(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .boolean: "true or false"
        case .integer, .unsigned, .number: "a number"
        case .string: "a text"
        case .array: "a list in brackets"
        case .object: "an object in braces"
        }
    }
}

extension Recipe {
    /// The configuration with some settings changed.
    ///
    /// - Parameters:
    ///   - settings: what to change, in order.
    ///   - isSmoke: true starts from the smoke settings, false from the defaults.
    /// - Returns: the configuration.
    /// - Throws: `RecipeError.unknownSetting` or `.badValue`.
    public static func configuration(changing settings: [Setting], isSmoke: Bool = false) throws -> Configuration {
        var document = try JSONValue(encoding: isSmoke ? smoke : Configuration())
        var result = try document.decoded(as: Configuration.self)
        for setting in settings {
            document = try setting.applied(to: document)
            do {
                result = try document.decoded(as: Configuration.self)
            } catch {
                throw RecipeError.badValue(name: setting.name, value: setting.text, reason: sentence(for: error))
            }
        }
        return result
    }
}
