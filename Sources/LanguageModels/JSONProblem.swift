import Foundation

/// Sentences for what is wrong with a JSON file.
enum JSONProblem {
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    /// Throws if the object has a key outside the known ones.
    static func refuseUnknownKeys(of decoder: any Decoder, known: [String]) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let unknown = keys.sorted().first(where: { !known.contains($0) }) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "the field \"\(unknown)\" is unknown"))
        }
    }

    /// What a decoding error says, with the place.
    static func sentence(of error: any Error) -> String {
        guard let error = error as? DecodingError else { return error.localizedDescription }
        switch error {
        case .keyNotFound(let key, _):
            return "the field \"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let place = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
            let cause = (context.underlyingError.map { " (\($0))" }) ?? ""
            let prefix = place.isEmpty ? "" : "at \(place.joined(separator: ".")): "
            return prefix + clause(context.debugDescription) + cause
        @unknown default:
            return "\(error)"
        }
    }

    /// A sentence without its full stop.
    private static func clause(_ sentence: String) -> String {
        sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
