import Environments

/// `ludus bench environments`: our pools beside EnvPool, Gymnasium, ALE's vectorizer and MuJoCo's rollout.
public struct EnvironmentField: FieldBenchmark {
    /// Environments.
    public static let field = "environments"

    /// There is nothing to set up.
    public init() {}

    /// Measures the standard tasks.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: processor and wall time of all and their ratios.
    /// - Throws: `PeerError` where the peers' environment is missing.
    public func run(progress: (String) -> Void) async throws -> BenchmarkResult {
        let known = Set(EnvironmentBenchmark.catalogue.tasks.map(\.id))
        let tasks = EnvironmentBenchmark.standardTasks.filter { known.contains($0) }
        let peer = try PeerProcess(script: "environments.py", environment: "environment-peers")
        let report = try await EnvironmentBenchmark.run(tasks: tasks, peer: peer, progress: progress)
        return try BenchmarkResult(table: report.table, figures: report)
    }
}
