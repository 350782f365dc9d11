import Tensors

/// `ludus bench optimisation`: differentiable optimisation beside TorchOpt, torch, higher, and JAX, in turn.
public struct OptimisationField: FieldBenchmark {
    /// Differentiable optimisation.
    public static let field = "optimisation"

    /// There is nothing to set up.
    public init() {}

    private struct Figures: Encodable {
        let comparison: RivalComparison
        let unrolling: UnrollMeasurement
    }

    /// Measures long loops and loops on two threads, then every case on one thread.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: processor time of all sides and their ratios, memory modes, and the gain of a second thread.
    /// - Throws: `PeerError` where the peers' environment is missing.
    public func run(progress: (String) -> Void) async throws -> BenchmarkResult {
        setIntraOpThreads(1)
        let peer = try PeerProcess(script: "optimisation.py")
        progress("unrolled loops")
        let unrolling = UnrollMeasurement.run()
        let comparison = try await RivalComparison.run(
            field: Self.field, cases: OptimisationBenchmark.cases, peer: peer, progress: progress)
        return try BenchmarkResult(
            table: comparison.table + "\n\n" + unrolling.table,
            figures: Figures(comparison: comparison, unrolling: unrolling))
    }
}
