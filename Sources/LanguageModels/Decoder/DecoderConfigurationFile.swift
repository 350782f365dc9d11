import Foundation

/// The file `config.json` of a checkpoint: the configuration's fields with a format and a version.
struct DecoderConfigurationFile: Codable {
    private enum HeaderKeys: String, CodingKey, CaseIterable {
        case format, version
    }

    private static let format = "ludus-decoder"
    private static let version = 1

    let configuration: DecoderConfiguration

    init(_ configuration: DecoderConfiguration) {
        self.configuration = configuration
    }

    init(from decoder: any Decoder) throws {
        let known = HeaderKeys.allCases.map(\.rawValue) + DecoderConfiguration.CodingKeys.allCases.map(\.rawValue)
        try JSONProblem.refuseUnknownKeys(of: decoder, known: known)
        let header = try decoder.container(keyedBy: HeaderKeys.self)
        let format = try header.decode(String.self, forKey: .format)
        let version = try header.decode(Int.self, forKey: .version)
        guard format == Self.format, version == Self.version else {
            throw ConfigurationProblem(
                sentence: "it is \"\(format)\" version \(version) instead of \"\(Self.format)\" version \(Self.version)"
            )
        }
        configuration = try DecoderConfiguration(from: decoder)
        if let problem = configuration.problem { throw ConfigurationProblem(sentence: problem) }
    }

    func encode(to encoder: any Encoder) throws {
        var header = encoder.container(keyedBy: HeaderKeys.self)
        try header.encode(Self.format, forKey: .format)
        try header.encode(Self.version, forKey: .version)
        try configuration.encode(to: encoder)
    }

    /// Reads a configuration from the contents of a file; `path` is only named in errors.
    static func read(json: Data, path: String) throws(LanguageModelError) -> DecoderConfiguration {
        do {
            return try JSONDecoder().decode(DecoderConfigurationFile.self, from: json).configuration
        } catch let problem as ConfigurationProblem {
            throw .invalidConfiguration(path: path, problem: problem.sentence)
        } catch {
            throw .invalidConfiguration(path: path, problem: JSONProblem.sentence(of: error))
        }
    }

    /// The contents of the file.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}

/// Which rule a configuration breaks.
private struct ConfigurationProblem: Error {
    let sentence: String
}
