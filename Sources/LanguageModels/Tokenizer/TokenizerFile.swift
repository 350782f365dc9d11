import Foundation

extension Tokenizer {
    /// Reads a tokenizer file.
    ///
    /// - Throws: ``LanguageModelError/unreadable(path:problem:)`` or ``LanguageModelError/invalidTokenizer(path:problem:)``.
    public init(contentsOf path: String) throws(LanguageModelError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .unreadable(path: path, problem: error.localizedDescription)
        }
        try self.init(json: data, path: path)
    }

    /// Reads a tokenizer from the contents of a file; `path` is only named in errors.
    init(json: Data, path: String) throws(LanguageModelError) {
        do {
            let file = try JSONDecoder().decode(TokenizerFile.self, from: json)
            self = try file.tokenizer()
        } catch let error as TokenizerProblem {
            throw .invalidTokenizer(path: path, problem: error.sentence)
        } catch {
            throw .invalidTokenizer(path: path, problem: JSONProblem.sentence(of: error))
        }
    }

    /// Writes the tokenizer as a file, whole or not at all.
    ///
    /// - Throws: ``LanguageModelError/unwritable(path:problem:)``.
    public func write(to path: String) throws(LanguageModelError) {
        do {
            try json().write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw .unwritable(path: path, problem: error.localizedDescription)
        }
    }

    /// The contents of a tokenizer file.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(TokenizerFile(self)) + Data("\n".utf8)
    }
}

/// The tokenizer file: one JSON object with exactly these four fields.
private struct TokenizerFile: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case format, version, specialTokens, merges
    }

    private static let format = "ludus-byte-pairs"
    private static let version = 1

    private let specialTokens: [String]
    private let merges: [[Int]]

    init(_ tokenizer: Tokenizer) {
        specialTokens = tokenizer.specialTokens
        merges = tokenizer.merges.map { [$0.left, $0.right] }
    }

    init(from decoder: any Decoder) throws {
        try JSONProblem.refuseUnknownKeys(of: decoder, known: CodingKeys.allCases.map(\.rawValue))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let format = try container.decode(String.self, forKey: .format)
        guard format == Self.format else {
            throw TokenizerProblem("format is \"\(format)\" instead of \"\(Self.format)\"")
        }
        let version = try container.decode(Int.self, forKey: .version)
        guard version == Self.version else {
            throw TokenizerProblem("version \(version) is unknown; this program reads version \(Self.version)")
        }
        specialTokens = try container.decode([String].self, forKey: .specialTokens)
        merges = try container.decode([[Int]].self, forKey: .merges)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(Self.version, forKey: .version)
        try container.encode(specialTokens, forKey: .specialTokens)
        try container.encode(merges, forKey: .merges)
    }

    func tokenizer() throws(TokenizerProblem) -> Tokenizer {
        var pairs: [Tokenizer.Merge] = []
        pairs.reserveCapacity(merges.count)
        for (index, merge) in merges.enumerated() {
            guard merge.count == 2 else {
                throw TokenizerProblem("merge \(index) has \(merge.count) parts instead of 2")
            }
            pairs.append(Tokenizer.Merge(left: merge[0], right: merge[1]))
        }
        return try Tokenizer(specialTokens: specialTokens, merges: pairs)
    }
}
