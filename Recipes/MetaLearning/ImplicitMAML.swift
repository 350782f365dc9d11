import Foundation
import Optimizers
import Randomness
import RunRecords
import Tensors

/// iMAML: meta-learning whose gradient needs the end of the inner optimisation only, not its steps.
///
/// Rajeswaran, Finn, Kakade and Levine 2019, "Meta-learning with implicit gradients", arXiv:1909.04630.
/// First the meta-gradient's error is measured where the exact one is known (linear regression, as in figure 2a), against
/// conjugate-gradient steps and against MAML's gradient through the same steps. Then a network learns to learn
/// sinusoids (Finn, Abbeel and Levine 2017, section 5.1).
public struct ImplicitMAML: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Meta-updates.
        public var iterations = 3000
        /// Sinusoids in a meta-update.
        public var tasks = 16
        /// Points to adapt by, and as many to judge the adapted network by.
        public var shots = 10
        /// Widths of the hidden layers.
        public var hidden = [40, 40]
        /// λ: how strongly adapted weights are held near the shared ones.
        public var strength = 2.0
        /// Inner learning rate.
        public var innerRate = 0.01
        /// Inner steps of gradient descent.
        public var innerSteps = 32
        /// Conjugate-gradient steps in a meta-gradient.
        public var conjugateGradientSteps = 10
        /// Adam's learning rate for the shared weights; falls linearly to a tenth.
        public var outerRate = 3e-3
        /// Meta-gradients are shortened to this norm.
        public var gradientBound = 1.0
        /// New sinusoids for the final judgement.
        public var evaluationTasks = 400
        /// Inner steps that count as all, where the gradient is compared with the exact one.
        public var accuracySteps = 2000
        /// Whether tanh or the rectifier is between layers.
        public var isSmooth = true
        /// Updates between lines in the log.
        public var logEvery = 50
        /// Updates between checkpoints.
        public var checkpointEvery = 1000

        /// The defaults.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "imaml-sinusoid"
    /// Learning to learn.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Rajeswaran, Finn, Kakade, Levine 2019 (arXiv:1909.04630), figure 2a, theorem 1"
    /// What it does.
    public static let summary = "iMAML's meta-gradient against the exact one, and sinusoids learnt from ten points"
    /// How long it takes.
    public static let expectedTime = "1 min on 1 core"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.iterations = 6
        configuration.tasks = 3
        configuration.hidden = [8]
        configuration.innerSteps = 4
        configuration.conjugateGradientSteps = 2
        configuration.evaluationTasks = 10
        configuration.accuracySteps = 100
        configuration.logEvery = 2
        configuration.checkpointEvery = 3
        return configuration
    }
    /// What is claimed.
    public static let claims = [
        Claim("error of the meta-gradient, all steps", .atMost(1e-8), scope: .every),
        Claim("error at 5 over error at 1 conjugate-gradient steps", .atMost(0.2), scope: .every),
        Claim("error of iMAML over MAML, 16 steps each", .atMost(0.7), scope: .every),
        Claim("loss after adaptation", .atMost(0.5)),
        Claim("loss before over after adaptation", .atLeast(6), scope: .every),
        Claim("loss from random weights over loss from learnt ones", .atLeast(5)),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Measures the gradients, then trains and judges the network.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: errors of the meta-gradient; mean squared errors on new sinusoids before and after adaptation, from
    ///   learnt and from random weights.
    /// - Throws: `RecipeError.badValue` for numbers below 1, `RunRecordsError`, `TensorFileError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        guard configuration.tasks >= 1, configuration.shots >= 1, configuration.innerSteps >= 1 else {
            throw RecipeError.badValue(name: "tasks", value: "\(configuration.tasks)", reason: "there must be some.")
        }
        setIntraOpThreads(1)
        let root = SplittableGenerator(seed: context.seed)
        var results = try GradientAccuracy(seed: root.folding(in: "accuracy"))
            .measure(steps: configuration.accuracySteps, logTo: context.run)
        let initial = SinusoidNetwork(configuration, seed: root.folding(in: "weights"))
        let learnt = try train(initial, configuration, root.folding(in: "tasks"), context)
        let judge = SinusoidTasks(
            count: configuration.evaluationTasks, shots: configuration.shots, seed: root.folding(in: "judgement"))
        let ours = judge.losses(of: learnt, configuration)
        let random = judge.losses(of: initial, configuration)
        results["loss before adaptation"] = ours.before
        results["loss after adaptation"] = ours.after
        results["loss before over after adaptation"] = ours.before / ours.after
        results["loss from random weights over loss from learnt ones"] = random.after / ours.after
        return results
    }

    /// Meta-learns the shared weights.
    private func train(
        _ initial: SinusoidNetwork, _ configuration: Configuration, _ seed: SplittableGenerator,
        _ context: RecipeContext
    ) throws -> SinusoidNetwork {
        let rate = Schedule.linear(
            from: configuration.outerRate, to: configuration.outerRate / 10, steps: configuration.iterations)
        let optimizer = chain {
            ClipByGlobalNorm(configuration.gradientBound)
            Adam(learningRate: .scheduled(rate))
        }
        var network = initial
        var state = optimizer.initialState(for: network)
        var first = 1
        if let saved = context.run.resumedFrom {
            let file = try SafeTensors(contentsOf: saved.folder.appendingPathComponent("state.safetensors").path)
            network = try file.load(network, prefix: "network.")
            let named = Dictionary(uniqueKeysWithValues: try file.entries.map { ($0.name, try file.tensor($0.name)) })
            state = try state.restored(from: named, prefix: "optimizer.")
            first = saved.record.step + 1
        }
        let progress = context.progress("meta-updates", total: configuration.iterations)
        defer { progress.finish() }
        for iteration in stride(from: first, through: configuration.iterations, by: 1) {
            let tasks = SinusoidTasks(
                count: configuration.tasks, shots: configuration.shots, seed: seed.folding(in: UInt64(iteration)))
            let (loss, gradient) = valueAndGrad(at: network) { network in
                tasks.queryLoss(of: tasks.adapted(network, configuration).value)
            }
            optimizer.step(&network, gradients: gradient, state: &state)
            if iteration % configuration.logEvery == 0 {
                try context.run.log("loss/after adaptation", loss.item(), step: iteration)
                progress.update(iteration, note: "loss \(String(format: "%.2f", loss.item()))")
            }
            if iteration % configuration.checkpointEvery == 0 || iteration == configuration.iterations {
                try context.run.saveCheckpoint(step: iteration) { folder in
                    let tensors = network.flattened().map { (name: "network." + $0.path, tensor: $0.tensor) }
                    let others = state.namedTensors(prefix: "optimizer.").map { (name: $0.key, tensor: $0.value) }
                    try SafeTensors.write(
                        tensors + others, to: folder.appendingPathComponent("state.safetensors").path)
                }
            }
        }
        return network
    }
}

/// A dense network whose tensors may have a task axis in front.
struct SinusoidNetwork: TensorTree, Sendable {
    /// `[inputs, outputs]`, or `[T, inputs, outputs]`.
    var weights: [Tensor]
    /// `[1, outputs]`, or `[T, 1, outputs]`.
    var biases: [Tensor]
    let isSmooth: Bool

    init(_ configuration: ImplicitMAML.Configuration, seed: SplittableGenerator) {
        var seed = seed
        let generator = TensorGenerator(seed: seed.next())
        let widths = [1] + configuration.hidden + [1]
        weights = zip(widths, widths.dropFirst()).map { inputs, outputs in
            generator.normal([inputs, outputs]) * (1 / Double(inputs).squareRoot())
        }
        // Spread out, so that the units of the first layer bend at different places of -5 … 5.
        biases = widths.dropFirst().map { generator.normal([1, $0]) }
        isSmooth = configuration.isSmooth
    }

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weights", &weights)
        visitor.visit("biases", &biases)
    }

    /// y `[T, points, 1]` at x `[T, points, 1]`.
    func callAsFunction(_ x: Tensor) -> Tensor {
        var hidden = x
        for layer in weights.indices {
            hidden = hidden.matmul(weights[layer]) + biases[layer]
            if layer < weights.count - 1 { hidden = isSmooth ? hidden.tanh() : hidden.relu() }
        }
        return hidden
    }
}

/// Sinusoids y = a sin(x − φ), a in 0.1 … 5, φ in 0 … π, with points in −5 … 5 to adapt by and to judge by.
struct SinusoidTasks {
    private let count: Int
    private let support: (x: Tensor, y: Tensor)
    private let query: (x: Tensor, y: Tensor)

    init(count: Int, shots: Int, seed: SplittableGenerator) {
        var seed = seed
        let generator = TensorGenerator(seed: seed.next())
        let amplitude = generator.uniform([count, 1, 1], low: 0.1, high: 5)
        let phase = generator.uniform([count, 1, 1], high: .pi)
        func points() -> (x: Tensor, y: Tensor) {
            let x = generator.uniform([count, shots, 1], low: -5, high: 5)
            return (x, amplitude * (x - phase).sin())
        }
        self.count = count
        support = points()
        query = points()
    }

    /// Each task's weights, differentiable in the shared ones.
    func adapted(
        _ network: SinusoidNetwork, _ configuration: ImplicitMAML.Configuration
    ) -> ImplicitSolution<SinusoidNetwork> {
        ProximalAdaptation(
            strength: configuration.strength, learningRate: configuration.innerRate, steps: configuration.innerSteps,
            conjugateGradientSteps: configuration.conjugateGradientSteps
        ).adapt(network, taskCount: count) { weights in
            (weights(support.x) - support.y).square().mean(dimensions: [1, 2]).sum()
        }
    }

    /// Mean squared error on the points to judge by, over points and tasks.
    func queryLoss(of network: SinusoidNetwork) -> Tensor {
        (network(query.x) - query.y).square().mean()
    }

    /// Losses of shared weights, and of those adapted from them.
    func losses(
        of network: SinusoidNetwork, _ configuration: ImplicitMAML.Configuration
    ) -> (before: Double, after: Double) {
        (queryLoss(of: network).item(), queryLoss(of: adapted(network, configuration).value).item())
    }
}
