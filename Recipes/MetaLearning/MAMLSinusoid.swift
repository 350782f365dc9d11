import Foundation
import Optimizers
import Randomness
import RunRecords
import Tensors

/// MAML on sine waves: a start from which a few gradient steps on ten points fit a wave that was never seen.
///
/// Finn, Abbeel and Levine 2017, "Model-agnostic meta-learning for fast adaptation of deep networks", section 5.1.
/// Beside it the same network learnt on all waves at once, which the paper calls pre-training: its start does not adapt.
public struct MAMLSinusoid: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Meta-steps; the paper made 70 000.
        public var metaSteps = 30_000
        /// Tasks in one meta-gradient.
        public var tasks = 25
        /// Points to learn from.
        public var shots = 10
        /// Inner gradient steps while meta-learning.
        public var innerSteps = 1
        /// Rate of the inner steps.
        public var innerRate = 0.01
        /// Rate of Adam.
        public var metaRate = 0.001
        /// Widths of the hidden layers.
        public var hidden = [40, 40]
        /// Unseen tasks to test on.
        public var testTasks = 600
        /// Meta-steps between tests on the way.
        public var testEvery = 1_000
        /// Meta-steps between checkpoints.
        public var checkpointEvery = 5_000

        /// The paper's setting with fewer meta-steps.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "maml-sinusoid"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Finn, Abbeel, Levine 2017, section 5.1, figures 2 and 3"
    /// What it does.
    public static let summary = "a start from which a few gradient steps on ten points fit an unseen sine wave"
    /// How long it takes.
    public static let expectedTime = "1.5 min on 1 core"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.metaSteps = 20
        configuration.testTasks = 20
        configuration.testEvery = 10
        configuration.checkpointEvery = 10
        return configuration
    }
    /// The paper shows curves without numbers; the bounds are ours, and hold for seeds that were not tuned on.
    public static let claims = [
        Claim("error after 5 steps", .atMost(0.5)),
        Claim("error after 10 steps", .atMost(0.4)),
        Claim("error before over after 5 steps", .atLeast(5)),
        Claim("error after 5 steps, learnt on all waves", .atLeast(1.5)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Numbers of inner steps to test with.
    private static let testSteps = [0, 1, 5, 10]

    /// Learns both networks, and tests them.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to; its folder also gets `meta-step.dot`, a picture of a meta-step's graph.
    /// - Returns: mean squared errors on unseen tasks before and after adaptation.
    /// - Throws: `RecipeError.badValue` for numbers below 1, `RunRecordsError`, `TensorFileError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        try Self.check(configuration)
        setIntraOpThreads(1)
        let root = SplittableGenerator(seed: context.seed)
        let learning = SinusoidMetaLearning(
            hidden: configuration.hidden, shots: configuration.shots, tasks: configuration.tasks,
            innerSteps: configuration.innerSteps, innerRate: configuration.innerRate, source: root)
        var joint = learning
        joint.innerSteps = 0
        var learners = [
            SinusoidLearner(learning.start(), rate: configuration.metaRate),
            SinusoidLearner(learning.start(), rate: configuration.metaRate),
        ]
        var first = 1
        try AtomicFile(context.run.folder.appendingPathComponent("meta-step.dot")).write(learning.picture().dot)
        if let saved = context.run.resumedFrom {
            first = saved.record.step + 1
            for index in learners.indices {
                try learners[index].restore(
                    from: saved.folder.appendingPathComponent("\(index)"), step: saved.record.step)
            }
        }
        let progress = context.progress("meta-steps", total: configuration.metaSteps)
        defer { progress.finish() }
        for step in stride(from: first, through: configuration.metaSteps, by: 1) {
            let tasks = learning.batch(step)
            for (index, kind) in [learning, joint].enumerated() {
                let gradient = kind.sum(at: learners[index].network, over: tasks).gradient
                learners[index].step(gradient.mapTensors { $0 / Double(configuration.tasks) })
            }
            if step % configuration.testEvery == 0 {
                let errors = learning.test(learners[0].network, tasks: configuration.testTasks, steps: Self.testSteps)
                for (count, error) in zip(Self.testSteps, errors) {
                    try context.run.log("error/after \(count) steps", error, step: step)
                }
                progress.update(step, note: "error after 5 steps \(String(format: "%.3f", errors[2]))")
            }
            if step % configuration.checkpointEvery == 0 {
                try context.run.saveCheckpoint(step: step) { folder in
                    for (index, learner) in learners.enumerated() {
                        let place = folder.appendingPathComponent("\(index)")
                        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                        try learner.save(to: place)
                    }
                }
            }
        }
        let ours = learning.test(learners[0].network, tasks: configuration.testTasks, steps: Self.testSteps)
        let others = learning.test(learners[1].network, tasks: configuration.testTasks, steps: Self.testSteps)
        var results = ["error before over after 5 steps": ours[0] / ours[2]]
        for (index, count) in Self.testSteps.enumerated() {
            let name = count == 1 ? "error after 1 step" : "error after \(count) steps"
            results[name] = ours[index]
            results[name + ", learnt on all waves"] = others[index]
        }
        return results
    }

    private static func check(_ configuration: Configuration) throws(RecipeError) {
        let counts = [
            ("metaSteps", configuration.metaSteps), ("tasks", configuration.tasks), ("shots", configuration.shots),
            ("testTasks", configuration.testTasks), ("testEvery", configuration.testEvery),
            ("checkpointEvery", configuration.checkpointEvery),
        ]
        for (name, value) in counts where value < 1 {
            throw .badValue(name: name, value: "\(value)", reason: "it must be at least 1.")
        }
        guard configuration.innerSteps >= 0 else {
            throw .badValue(
                name: "innerSteps", value: "\(configuration.innerSteps)", reason: "it must not be negative.")
        }
        guard configuration.hidden.allSatisfy({ $0 >= 1 }) else {
            throw .badValue(name: "hidden", value: "\(configuration.hidden)", reason: "widths must be at least 1.")
        }
    }
}
