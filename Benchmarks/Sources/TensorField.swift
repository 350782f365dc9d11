/// `ludus bench tensors`: our tensors beside Python torch, in turn.
public struct TensorField: FieldBenchmark {
    /// Tensors.
    public static let field = "tensors"

    /// There is nothing to set up.
    public init() {}

    /// Measures every case.
    ///
    /// - Parameter progress: told what is about to be measured.
    /// - Returns: processor time of both sides and their ratio.
    /// - Throws: `PeerError` where the peer's environment is missing.
    public func run(progress: (String) -> Void) async throws -> BenchmarkResult {
        let comparison = try await TensorBenchmark.run(progress: progress)
        return try BenchmarkResult(table: comparison.table, figures: comparison)
    }
}
