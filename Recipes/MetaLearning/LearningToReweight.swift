import Foundation
import MetaLearning
import Optimizers
import Randomness
import RunRecords
import Tensors

/// Two kinds of pictures, 199 of 200 of which are of one kind: plain training hardly learns the rare kind; weights learnt
/// by ten trusted pictures, five of each kind, make up for it.
///
/// Ren, Zeng, Yang and Urtasun 2018, "Learning to reweight examples for robust deep learning" (ICML), section 4.1: 5000
/// training pictures, batches of 100. The paper takes 4s and 9s of MNIST; here the project draws its own pictures.
public struct LearningToReweight: Recipe {
    /// Settings.
    public struct Configuration: RecipeConfiguration {
        /// Training pictures.
        public var trainingCount = 5000
        /// Share of the frequent kind among them.
        public var frequentShare = 0.995
        /// Trusted pictures, half of each kind.
        public var trustedCount = 10
        /// Test pictures, half of each kind.
        public var testCount = 1000
        /// Pictures in a batch.
        public var batch = 100
        /// Passages over the training pictures.
        public var epochs = 15
        /// Adam's rate.
        public var rate = 1e-3
        /// Standard deviation of the noise in pictures.
        public var noise = 0.1

        /// The paper's numbers, with the project's pictures.
        public init() {}
    }

    /// The name on the command line.
    public static let name = "learning-to-reweight"
    /// Meta-learning.
    public static let field = RecipeField.metaLearning
    /// The paper.
    public static let paper = "Ren et al. 2018, Learning to reweight examples for robust deep learning, section 4.1"
    /// What it does.
    public static let summary = "Ten trusted pictures make up for training pictures of which 99.5 % are of one kind"
    /// How long it takes.
    public static let expectedTime = "15 s on 1 core"
    /// A second's work without optimisation.
    public static var smoke: Configuration {
        var configuration = Configuration()
        configuration.trainingCount = 40
        configuration.frequentShare = 0.9
        configuration.testCount = 20
        configuration.batch = 20
        configuration.epochs = 2
        return configuration
    }
    /// A published run has 95.5 % against 75 %.
    public static let claims = [
        Claim("accuracy, reweighted", .atLeast(0.7), peer: 0.955),
        Claim("accuracy, reweighted minus plain", .atLeast(0.1), scope: .every, peer: 0.205),
    ]

    /// There is nothing to set up.
    public init() {}

    /// Trains both ways.
    ///
    /// - Parameters:
    ///   - configuration: the settings.
    ///   - context: the run to log to.
    /// - Returns: test accuracies at the end and their difference.
    /// - Throws: `GameError` for empty sets, `RecipeError.badValue`, `RunRecordsError`.
    public func run(_ configuration: Configuration, in context: RecipeContext) async throws -> [String: Double] {
        setIntraOpThreads(1)
        guard configuration.trainingCount % configuration.batch == 0, configuration.trainingCount > 0 else {
            throw RecipeError.badValue(
                name: "batch", value: "\(configuration.batch)", reason: "it must divide the training pictures.")
        }
        let root = SplittableGenerator(seed: context.seed)
        let data = Pictures(configuration, root.folding(in: "pictures"))
        var finished: [String: Double] = [:]
        if let saved = context.run.resumedFrom { finished = try saved.record.state("finished") }
        for (index, isReweighted) in [false, true].enumerated() {
            let name = isReweighted ? "reweighted" : "plain"
            if finished[name] != nil { continue }
            finished[name] = try train(configuration, data, root, isReweighted, context)
            var states = CheckpointStates()
            try states.set("finished", finished)
            try context.run.saveCheckpoint(step: index + 1, states: states)
        }
        let (plain, reweighted) = (finished["plain"] ?? 0, finished["reweighted"] ?? 0)
        return [
            "accuracy, plain": plain, "accuracy, reweighted": reweighted,
            "accuracy, reweighted minus plain": reweighted - plain,
        ]
    }

    private func train(
        _ configuration: Configuration, _ data: Pictures, _ root: SplittableGenerator, _ isReweighted: Bool,
        _ context: RecipeContext
    ) throws -> Double {
        let name = isReweighted ? "reweighted" : "plain"
        var weights = root.folding(in: "weights")
        var model = PictureClassifier(generator: TensorGenerator(seed: weights.next()))
        let optimizer = Adam(learningRate: .constant(configuration.rate))
        var state = optimizer.initialState(for: model)
        var order = root.folding(in: "order")
        let progress = context.progress(name, total: configuration.epochs)
        defer { progress.finish() }
        var accuracy = 0.0
        for epoch in 1...configuration.epochs {
            let places = order.shuffled(0..<configuration.trainingCount)
            for start in stride(from: 0, to: places.count, by: configuration.batch) {
                let chosen = Tensor(Array(places[start..<(start + configuration.batch)]), dtype: .int64)
                let pictures = data.training.indexSelect(dimension: 0, chosen)
                let labels = data.trainingLabels.indexSelect(dimension: 0, chosen)
                var share = Tensor.full([configuration.batch], 1 / Double(configuration.batch))
                if isReweighted {
                    share = try ExampleReweighting.weights(
                        of: model, validationLoss: { $0.losses(data.trusted, data.trustedLabels).mean() },
                        exampleLosses: { $0.losses(pictures, labels) })
                }
                let gradients = grad(at: model) { ($0.losses(pictures, labels) * share).sum() }
                optimizer.step(&model, gradients: gradients, state: &state)
            }
            accuracy = withoutGradients { model.accuracy(data.test, data.testLabels) }
            try context.run.log("accuracy/\(name)", accuracy, step: epoch)
            let loss = withoutGradients { model.losses(data.test, data.testLabels).mean().item() }
            try context.run.log("loss/\(name)", loss, step: epoch)
            progress.update(epoch)
        }
        return accuracy
    }

    /// All pictures of a run.
    private struct Pictures {
        let training: Tensor
        let trainingLabels: Tensor
        let trusted: Tensor
        let trustedLabels: Tensor
        let test: Tensor
        let testLabels: Tensor

        init(_ configuration: Configuration, _ generator: SplittableGenerator) {
            func drawn(_ name: String, _ count: Int, frequent: Double) -> (Tensor, Tensor) {
                let ones = Int((Double(count) * frequent).rounded())
                let labels = (0..<count).map { $0 < ones ? 1 : 0 }
                var own = generator.folding(in: name)
                let pictures = DrawnShapes.pictures(of: labels, noise: configuration.noise, using: &own)
                return (pictures, Tensor(labels.map { Float($0) }, shape: [count]))
            }
            (training, trainingLabels) = drawn(
                "training", configuration.trainingCount, frequent: configuration.frequentShare)
            (trusted, trustedLabels) = drawn("trusted", configuration.trustedCount, frequent: 0.5)
            (test, testLabels) = drawn("test", configuration.testCount, frequent: 0.5)
        }
    }
}

/// Two convolutions with pooling and two dense layers, to one logit of the kind 1.
private struct PictureClassifier: TensorTree {
    var kernels: [Tensor]
    var weights: [Tensor]
    var biases: [Tensor]

    init(generator: TensorGenerator) {
        func tensor(_ shape: [Int]) -> Tensor {
            let inputs = shape.dropFirst().reduce(1, *)
            return generator.normal(shape, deviation: (2 / Double(inputs)).squareRoot())
        }
        kernels = [tensor([8, 1, 3, 3]), tensor([16, 8, 3, 3])]
        weights = [tensor([32, 16 * 4 * 4]), tensor([1, 32])]
        biases = [8, 16, 32, 1].map { Tensor.zeros([$0]) }
    }

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("kernels", &kernels)
        visitor.visit("weights", &weights)
        visitor.visit("biases", &biases)
    }

    func logits(_ pictures: Tensor) -> Tensor {
        var hidden = pictures
        for layer in 0..<2 {
            hidden = hidden.convolution2D(weight: kernels[layer], bias: biases[layer], padding: 1).relu()
            hidden = hidden.averagePool2D(window: 2)
        }
        hidden = hidden.flattened(from: 1).linear(weight: weights[0], bias: biases[2]).relu()
        return hidden.linear(weight: weights[1], bias: biases[3]).squeezed(-1)
    }

    func losses(_ pictures: Tensor, _ labels: Tensor) -> Tensor {
        logits(pictures).binaryCrossEntropyWithLogits(labels, reduction: .none)
    }

    func accuracy(_ pictures: Tensor, _ labels: Tensor) -> Double {
        let guesses = (logits(pictures) .> 0).to(.float32)
        return (guesses .== labels).to(.float32).mean().item()
    }
}
