import Randomness

/// One point of an experiment on gradient bias: meta-gradients of many trials in many random processes.
public struct BiasStudy: Codable, Hashable, Sendable {
    /// Number of random processes, at least 1.
    public var processes = 50
    /// Trials in each, at least 2.
    public var trials = 20
    /// How the processes are made.
    public var process = TabularProcessOptions()
    /// How a meta-gradient is computed.
    public var options = TabularMetaGradientOptions()
    /// What it is taken of.
    public var meta = TabularMetaParameters.initialParameters
    /// Trials in a group, for the official metric of fewer trials.
    public var groupSize = 5

    /// The paper's setting in 50 processes, all sources exact.
    public init() {}

    /// Measures.
    ///
    /// Process `i` and its trials depend on the seed and `i` alone, so that studies with one seed have the same
    /// processes, and estimators with as many trajectories the same samples. Processes are spread over threads.
    ///
    /// - Parameter seed: where all random numbers come from.
    /// - Returns: the results.
    /// - Throws: `MetaLearningError` for settings outside their ranges.
    public func measure(seed: UInt64) async throws -> BiasMeasurement {
        try options.check()
        guard trials >= 2 else {
            throw MetaLearningError.badValue(
                name: "trials", value: "\(trials)", reason: "a variance needs at least two.")
        }
        let tasks = try TabularProcess.random(count: processes, process, seed: seed)
        let root = SplittableGenerator(seed: seed).folding(in: "trials")
        let results = try await withThrowingTaskGroup(of: (Int, ProcessResult).self) { group in
            for (index, task) in tasks.enumerated() {
                group.addTask { (index, try measure(task, root.folding(in: UInt64(index)))) }
            }
            var results: [(Int, ProcessResult)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return BiasMeasurement(
            biases: results.map(\.bias), adaptationErrors: results.map(\.adaptationError))
    }

    private struct ProcessResult {
        let bias: GradientBias
        let adaptationError: Double
    }

    private func measure(_ task: TabularProcess, _ root: SplittableGenerator) throws -> ProcessResult {
        var unused = root
        var exactOptions = options
        exactOptions.innerGradient = .exact
        exactOptions.innerHessian = .exact
        exactOptions.outerGradient = .exact
        exactOptions.injectedBias = 0
        exactOptions.injectedNoise = 0
        let exact = try TabularMetaGradient(task, of: meta, exactOptions, using: &unused)
        var estimates: [[Double]] = []
        var error = 0.0
        for trial in 0..<trials {
            var generator = root.folding(in: UInt64(trial))
            let estimate = try TabularMetaGradient(task, of: meta, options, using: &generator)
            estimates.append(estimate.gradient)
            let difference = sum(estimate.adapted, exact.adapted, times: -1)
            error += innerProduct(difference, difference) / Double(difference.count * trials)
        }
        return ProcessResult(
            bias: GradientBias(of: estimates, exact: exact.gradient, groupSize: groupSize), adaptationError: error)
    }
}

/// The results of a study, with confidence intervals over the processes.
public struct BiasMeasurement: Codable, Hashable, Sendable {
    /// The biases in each process.
    public let biases: [GradientBias]
    /// Mean squared error of the adapted parameters in each process, over trials and numbers.
    public let adaptationErrors: [Double]

    /// Mean of a figure over the processes.
    ///
    /// - Parameter figure: one of ``GradientBias``.
    /// - Returns: the mean with its 95 % interval.
    public func mean(_ figure: (GradientBias) -> Double) -> SampleMean { SampleMean(of: biases.map(figure)) }

    /// Correlation of a single estimate with the exact meta-gradient.
    public var correlation: SampleMean { mean(\.correlation) }
    /// Mean squared error of the adapted parameters.
    public var adaptationError: SampleMean { SampleMean(of: adaptationErrors) }
    /// Root of the mean over processes of the debiased squared relative bias; 0 where that is negative.
    public var debiasedRelativeBias: Double {
        max(0, mean(\.debiasedSquaredRelativeBias).mean).squareRoot()
    }
}
