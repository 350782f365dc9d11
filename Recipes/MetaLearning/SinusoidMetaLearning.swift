import Foundation
import Optimizers
import Randomness
import RunRecords
import Tensors

/// Learning where to start from, so that a few gradient steps fit a sine wave: what both recipes share.
struct SinusoidMetaLearning {
    /// Widths of the hidden layers.
    var hidden: [Int]
    /// Points to learn from.
    var shots: Int
    /// Tasks in one meta-gradient.
    var tasks: Int
    /// Inner gradient steps while meta-learning; 0 learns one network for all tasks.
    var innerSteps: Int
    /// Rate of the inner steps.
    var innerRate: Double
    /// Type of all numbers.
    var dtype = DType.float32
    /// All random numbers come from here.
    var source: SplittableGenerator

    /// Where meta-learning starts.
    func start() -> SinusoidNetwork {
        SinusoidNetwork(hidden: hidden, source: source.folding(in: "network"), dtype: dtype)
    }

    /// The tasks of one meta-step.
    func batch(_ step: Int) -> SinusoidTasks {
        SinusoidTasks(
            count: tasks, shots: shots, queries: shots, source: source.folding(in: "tasks").folding(in: UInt64(step)),
            dtype: dtype)
    }

    /// The sum over tasks of the loss after adaptation, and its gradient with respect to the network before.
    func sum(at network: SinusoidNetwork, over tasks: SinusoidTasks) -> (value: Tensor, gradient: SinusoidNetwork) {
        valueAndGrad(at: network) { network in
            adapted(network, to: tasks, steps: innerSteps).losses(tasks.queryInputs, tasks.queryTargets).sum()
        }
    }

    /// A copy of the network for each task, after some inner steps.
    func adapted(_ network: SinusoidNetwork, to tasks: SinusoidTasks, steps: Int) -> SinusoidNetwork {
        adaptation(to: tasks, steps: steps)(from: network.repeated(forTasks: tasks.count)).parameters
    }

    private func adaptation(to tasks: SinusoidTasks, steps: Int) -> InnerLoop<SinusoidNetwork, EmptyTree, SGD> {
        InnerLoop(steps: steps, using: SGD(learningRate: .constant(innerRate))) { network, _ in
            network.losses(tasks.inputs, tasks.targets).sum()
        }
    }

    /// The graph of a meta-step: where the gradient of the loss after the inner steps flows, with the parameters after
    /// each step named.
    func picture() -> GradientGraph {
        var (few, graph) = (self, GradientGraph())
        few.tasks = 1
        let tasks = few.batch(0)
        let loop = adaptation(to: tasks, steps: innerSteps)
        _ = valueAndGrad(at: start()) { network in
            let points = loop.trajectory(from: network.repeated(forTasks: 1)).map(\.parameters)
            let loss = points[innerSteps].losses(tasks.queryInputs, tasks.queryTargets).sum()
            var names = loss.labelled("loss") + network.labelled("start")
            for (step, point) in points.enumerated().dropFirst() { names += point.labelled("step \(step)") }
            graph = gradientGraph(of: loss, names: names)
            return loss
        }
        return graph
    }

    /// Mean squared errors on new tasks after numbers of inner steps.
    func test(_ network: SinusoidNetwork, tasks count: Int, steps: [Int]) -> [Double] {
        let tasks = SinusoidTasks(
            count: count, shots: shots, queries: 100, source: source.folding(in: "test"), dtype: dtype)
        return steps.map { steps in
            withoutGradients {
                adapted(network, to: tasks, steps: steps).losses(tasks.queryInputs, tasks.queryTargets).mean().item()
            }
        }
    }
}

/// What goes from one meta-step to the next: the network and Adam's moments.
struct SinusoidLearner {
    var network: SinusoidNetwork
    var state: AdamState
    let optimizer: Adam

    init(_ network: SinusoidNetwork, rate: Double) {
        self.network = network
        optimizer = Adam(learningRate: .constant(rate))
        state = optimizer.initialState(for: network)
    }

    /// Makes one meta-step.
    mutating func step(_ gradient: SinusoidNetwork) {
        optimizer.step(&network, gradients: gradient, state: &state)
    }

    /// Writes everything as one file of a checkpoint.
    func save(to folder: URL) throws {
        try SafeTensors.write(Pair(network, state), to: Self.file(folder))
    }

    /// Goes on from such a file, written after a meta-step.
    mutating func restore(from folder: URL, step: Int) throws {
        let saved = try SafeTensors(contentsOf: Self.file(folder)).load(Pair(network, state))
        network = saved.first
        state = saved.second
        state.step = step
    }

    private static func file(_ folder: URL) -> String { folder.appendingPathComponent("learner.safetensors").path }
}
