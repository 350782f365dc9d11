public import Foundation
public import RunRecords

/// Running recipes in run folders.
extension Recipe {
    /// Runs the recipe in a new run folder.
    ///
    /// - Parameters:
    ///   - folder: where to write; it must not hold a run already.
    ///   - configuration: the settings.
    ///   - seed: the seed from which all random numbers come.
    ///   - versions: versions of what the recipe relies on, for the record.
    ///   - commit: the source's commit, for the record.
    ///   - isQuiet: true shows nothing while working.
    /// - Returns: the results by name.
    /// - Throws: `RunRecordsError`, or what the recipe throws.
    public static func perform(
        in folder: URL, configuration: Configuration, seed: UInt64, versions: [String: String] = [:],
        commit: String? = nil, isQuiet: Bool = true
    ) async throws -> [String: Double] {
        let description = try RunDescription(
            name: name, configuration: configuration, seed: seed, versions: versions, commit: commit)
        let run = try Run.create(at: folder, description: description)
        return try await perform(configuration, in: run, isQuiet: isQuiet)
    }

    /// Runs the recipe in a new run folder with some settings changed.
    ///
    /// - Parameters:
    ///   - folder: where to write; it must not hold a run already.
    ///   - settings: what to change.
    ///   - isSmoke: true starts from the smoke settings.
    ///   - seed: the seed from which all random numbers come.
    ///   - versions: versions of what the recipe relies on, for the record.
    ///   - commit: the source's commit, for the record.
    ///   - isQuiet: true shows nothing while working.
    /// - Returns: the results by name.
    /// - Throws: `RecipeError`, `RunRecordsError`, or what the recipe throws.
    public static func perform(
        in folder: URL, settings: [Setting], isSmoke: Bool, seed: UInt64, versions: [String: String] = [:],
        commit: String? = nil, isQuiet: Bool = true
    ) async throws -> [String: Double] {
        let configuration = try configuration(changing: settings, isSmoke: isSmoke)
        return try await perform(
            in: folder, configuration: configuration, seed: seed, versions: versions, commit: commit,
            isQuiet: isQuiet)
    }

    /// Takes a killed or failed run of this recipe up again at its last checkpoint.
    ///
    /// - Parameters:
    ///   - run: the run, from `Run.resume(at:)`.
    ///   - isQuiet: true shows nothing while working.
    /// - Returns: the results by name.
    /// - Throws: `RunRecordsError.malformed` when `config.json` isn't this recipe's, or what the recipe throws.
    public static func resume(_ run: Run, isQuiet: Bool = true) async throws -> [String: Double] {
        let configuration: Configuration
        do {
            configuration = try run.description.configuration.decoded(as: Configuration.self)
        } catch {
            run.close()
            throw RunRecordsError.malformed(
                path: run.folder.appendingPathComponent("config.json").path, line: nil, reason: sentence(for: error))
        }
        return try await perform(configuration, in: run, isQuiet: isQuiet)
    }

    private static func perform(
        _ configuration: Configuration, in run: Run, isQuiet: Bool
    ) async throws -> [String: Double] {
        do {
            let results = try await Self().run(configuration, in: RecipeContext(run: run, isQuiet: isQuiet))
            try run.finish(results)
            return results
        } catch {
            // The first error is the one to tell; a full disk may well stop the summary, too.
            try? run.fail(error)
            run.close()
            throw error
        }
    }
}
