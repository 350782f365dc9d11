import Collectives
import Foundation
import Optimizers
import Randomness
import RunRecords
import Tensors

/// MAML whose tasks are shared out among processes: `mpirun -n 2 ludus run maml-distributed`.
///
/// Every process draws all tasks of a meta-step and works on its share; the gradients are added up. On the way the first
/// process works out the whole meta-gradient by itself, too, and compares. Only the first process writes the run.
public struct MAMLDistributed: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Meta-steps.
        public var metaSteps = 2_000
        /// Tasks in one meta-gradient, of all processes together.
        public var tasks = 24
        /// Points to learn from.
        public var shots = 10
        /// Inner gradient steps.
        public var innerSteps = 5
        /// Rate of the inner steps.
        public var innerRate = 0.01
        /// Rate of Adam.
        public var metaRate = 0.001
        /// Widths of the hidden layers.
        public var hidden = [64, 64, 64]
        /// Meta-steps between comparisons with one process, log lines and checkpoints.
        public var checkEvery = 100

        /// A minute's work.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "maml-distributed"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Ren et al. 2023 (TorchOpt), distributed MAML; Finn, Abbeel, Levine 2017"
    /// What it does.
    public static let summary = "several processes compute the meta-gradient that one would"
    /// How long it takes.
    public static let expectedTime = "1 min on 1 core, less with `mpirun -n 2`"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.metaSteps = 4
        configuration.tasks = 4
        configuration.innerSteps = 2
        configuration.checkEvery = 2
        return configuration
    }
    /// Sums of float64 numbers in another order differ by some 10⁻¹⁵; the bound is the one that was asked for.
    public static let claims = [
        Claim("largest difference from one process", .atMost(1e-6), scope: .every),
        Claim("error after adaptation", .atMost(1.5)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Meta-learns with however many processes there are.
    ///
    /// - Parameters:
    ///   - configuration: the settings, the same in every process.
    ///   - context: the run to log to; that of the first process counts.
    /// - Returns: how far the meta-gradients were from those of one process, relative to their norms, and the error.
    /// - Throws: `RecipeError.badValue`, `RunRecordsError`, `TensorFileError`, `CollectivesError.unavailable`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        guard configuration.tasks >= ProcessLaunch.current.size, configuration.checkEvery >= 1 else {
            throw RecipeError.badValue(
                name: "tasks", value: "\(configuration.tasks)",
                reason: "there must be one for each of \(ProcessLaunch.current.size) processes, and checkEvery ≥ 1.")
        }
        setIntraOpThreads(1)
        return try await Communicator.withWorld { world in try learn(configuration, world, context) }
    }

    private func learn(
        _ configuration: Configuration, _ world: Communicator, _ context: RecipeContext
    ) throws -> [String: Double] {
        let learning = SinusoidMetaLearning(
            hidden: configuration.hidden, shots: configuration.shots, tasks: configuration.tasks,
            innerSteps: configuration.innerSteps, innerRate: configuration.innerRate, dtype: .float64,
            source: SplittableGenerator(seed: context.seed))
        var learner = SinusoidLearner(learning.start(), rate: configuration.metaRate)
        var (first, largest) = (1, 0.0)
        if let saved = context.run.resumedFrom {
            first = saved.record.step + 1
            largest = try saved.record.state("largest")
            try learner.restore(from: saved.folder, step: saved.record.step)
        }
        let share = Self.share(of: world.rank, among: world.size, tasks: configuration.tasks)
        let progress = context.progress("meta-steps on \(world.size) processes", total: configuration.metaSteps)
        defer { progress.finish() }
        for step in stride(from: first, through: configuration.metaSteps, by: 1) {
            let tasks = learning.batch(step)
            let own = learning.sum(at: learner.network, over: tasks.part(share))
            let (value, gradient) = try world.sum(own.value, own.gradient)
            if step % configuration.checkEvery == 0 {
                if world.rank == 0 {
                    let whole = learning.sum(at: learner.network, over: tasks).gradient
                    let difference = gradient.zipTensors(whole) { $0 - $1 }.globalNorm() / whole.globalNorm()
                    largest = max(largest, difference.item())
                    try context.run.log(
                        ["error/after adaptation": value / Double(tasks.count), "difference": difference.item()],
                        step: step)
                }
                progress.update(step, note: "error \(String(format: "%.3f", value / Double(tasks.count)))")
            }
            learner.step(gradient.mapTensors { $0 / Double(tasks.count) })
            if step % configuration.checkEvery == 0, world.rank == 0 {
                var states = CheckpointStates()
                try states.set("largest", largest)
                try context.run.saveCheckpoint(step: step, states: states) { try learner.save(to: $0) }
            }
        }
        let error = learning.test(learner.network, tasks: 200, steps: [configuration.innerSteps])[0]
        return [
            "largest difference from one process": largest, "error after adaptation": error,
            "processes": Double(world.size),
        ]
    }

    /// The tasks of one process: contiguous, as even as can be.
    static func share(of rank: Int, among size: Int, tasks: Int) -> Range<Int> {
        (tasks * rank / size)..<(tasks * (rank + 1) / size)
    }
}

extension Communicator {
    /// The sum of every process's value and gradient, in float64.
    fileprivate func sum<Tree: TensorTree>(_ value: Tensor, _ gradient: Tree) throws -> (Double, Tree) {
        let leaves = gradient.tensors
        var numbers = [value.item()] + leaves.flatMap { $0.array(of: Double.self) }
        try allReduce(&numbers, .sum)
        var place = 1
        let sums = leaves.map { leaf in
            defer { place += leaf.elementCount }
            return Tensor(
                Array(numbers[place..<(place + leaf.elementCount)]), shape: leaf.shape, dtype: leaf.dtype)
        }
        return (numbers[0], gradient.replacingTensors(with: sums))
    }
}
