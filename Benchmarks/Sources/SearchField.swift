/// `ludus bench search`: trees a second, without a model and without a proof assistant.
public struct SearchField: FieldBenchmark {
    /// Search.
    public static let field = "search"

    private let simulations: Int
    private let rounds: Int

    /// The budgets of the published figures.
    public init() { self.init(simulations: 20000, rounds: 5) }

    /// Other budgets.
    ///
    /// - Parameters:
    ///   - simulations: budget of each tree, at least 1.
    ///   - rounds: how often each configuration is measured, at least 1.
    public init(simulations: Int, rounds: Int) {
        self.simulations = simulations
        self.rounds = rounds
    }

    /// Measures all configurations.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: simulations and nodes a second of processor time.
    /// - Throws: nothing with valid budgets; `SearchError` otherwise.
    public func run(progress: (String) -> Void) async throws -> BenchmarkResult {
        let report = try await SearchBenchmark.run(simulations: simulations, rounds: rounds, progress: progress)
        return try BenchmarkResult(table: report.table, figures: report)
    }
}
