public import Foundation

/// What a run is: everything that is needed to repeat it.
///
/// Written to `config.json` and never changed afterwards.
public struct RunDescription: Codable, Sendable, Hashable {
    /// The recipe's or program's name.
    public var name: String
    /// The configuration as JSON.
    public var configuration: JSONValue
    /// The seed from which all random numbers of the run come.
    public var seed: UInt64
    /// Versions of what the run relied on, for example `["ludus": "0.1.0", "libtorch": "2.13.0"]`.
    public var versions: [String: String]
    /// The source's commit, with `+changes` behind it when the tree wasn't clean; nil outside a repository.
    public var commit: String?
    /// The command line, program first.
    public var commandLine: [String]

    /// Describes a run.
    ///
    /// - Parameters:
    ///   - name: the recipe's or program's name.
    ///   - configuration: any codable configuration.
    ///   - seed: the seed from which all random numbers come.
    ///   - versions: versions of what the run relies on.
    ///   - commit: the source's commit if there is one.
    ///   - commandLine: the command line, program first.
    /// - Throws: the encoder's error when the configuration isn't representable as JSON.
    public init(
        name: String, configuration: some Encodable, seed: UInt64, versions: [String: String] = [:],
        commit: String? = nil, commandLine: [String] = CommandLine.arguments
    ) throws {
        self.name = name
        self.configuration = try JSONValue(encoding: configuration)
        self.seed = seed
        self.versions = versions
        self.commit = commit
        self.commandLine = commandLine
    }
}

extension RunDescription {
    /// Reads `config.json` of a run folder.
    ///
    /// - Parameter folder: the run folder.
    /// - Returns: the description.
    /// - Throws: `RunRecordsError.noRun` when there is none, `.malformed` when it can't be understood.
    public static func read(from folder: URL) throws -> RunDescription {
        let file = RunFolder(folder).description
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw RunRecordsError.noRun(path: folder.path)
        }
        do {
            return try JSONDecoder().decode(RunDescription.self, from: readFile(file))
        } catch let error as DecodingError {
            throw RunRecordsError.malformed(path: file.path, line: nil, reason: sentence(for: error))
        }
    }
}
