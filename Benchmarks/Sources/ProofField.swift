/// `ludus bench proofs`: proofs checked a second in warm Coq processes.
public struct ProofField: FieldBenchmark {
    /// Proofs.
    public static let field = "proofs"

    private let options: ProofBenchmark.Options

    /// The budgets of the published figures.
    public init() { self.init(options: ProofBenchmark.Options()) }

    /// Other budgets.
    public init(options: ProofBenchmark.Options) { self.options = options }

    /// Measures speed, the use of warm processes, and memory.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: checks a second, latencies, processor time of both sides, and the growth of memory.
    /// - Throws: `ProofAssistantError` where Coq is missing or breaks down.
    public func run(progress: (String) -> Void) async throws -> BenchmarkResult {
        let report = try await ProofBenchmark.run(options, progress: progress)
        return try BenchmarkResult(table: report.table, figures: report)
    }
}
