import Foundation
import MetaLearning
import Randomness
import Tensors

/// A policy and a value function on one-hot states: two hidden layers of 32 rectified units, two linear heads.
///
/// Parameters have a leading task axis `[M, ...]`, or one of size 1; with one-hot inputs the first layer is a table.
struct TabularActorCritic: TensorTree {
    var layers: [Tensor]

    /// Weights and biases uniform within ±1/√inputs, in float64.
    init(states: Int, actions: Int, using generator: inout SplittableGenerator) {
        let shapes = [[states, 32], [32, 32], [32, actions], [32, 1]]
        layers = shapes.flatMap { shape -> [Tensor] in
            let bound = 1 / Double(shape[0]).squareRoot()
            return [[1] + shape, [1, 1, shape[1]]].map { shape in
                let numbers = (0..<shape.reduce(1, *)).map { _ in generator.uniform(in: -bound..<bound) }
                return Tensor(numbers, shape: shape)
            }
        }
    }

    mutating func visitTensors<V: TensorVisitor>(_ visitor: inout V) { visitor.visit("layers", &layers) }

    /// The same parameters for each of `M` tasks.
    func expanded(tasks: Int) -> TabularActorCritic {
        mapTensors { $0.expanded([tasks] + $0.shape.dropFirst()) }
    }

    /// `[M, S, A]` log-probabilities and `[M, S]` values of all states.
    func callAsFunction() -> (logProbabilities: Tensor, values: Tensor) {
        let first = (layers[0] + layers[1]).relu()
        let second = (first.matmul(layers[2]) + layers[3]).relu()
        let logits = second.matmul(layers[4]) + layers[5]
        return (logits.logSoftmax(), (second.matmul(layers[6]) + layers[7]).squeezed(-1))
    }
}

/// Tasks of Duan et al. 2016 ("RL²", arXiv:1611.02779): next states from a uniform Dirichlet distribution, mean rewards
/// from N(1, 1), rewards with noise N(0, 1).
struct BanditLikeTasks {
    let processes: [TabularProcess]

    init(count: Int, states: Int, actions: Int, discount: Double, using generator: inout SplittableGenerator)
        throws(MetaLearningError)
    {
        var options = TabularProcessOptions()
        options.stateCount = states
        options.actionCount = actions
        options.discount = discount
        options.concentration = 1
        var processes: [TabularProcess] = []
        for _ in 0..<count {
            let process = try TabularProcess.random(options, using: &generator)
            processes.append(
                try TabularProcess(
                    transitions: process.transitions,
                    rewards: generator.normals(process.parameterCount, mean: 1), stateCount: states,
                    actionCount: actions, discount: discount))
        }
        self.processes = processes
    }

    /// `[M]` expected sums of rewards over `length` steps, by recursion over the steps left.
    func returns(_ policies: [Double], length: Int) -> [Double] {
        processes.enumerated().map { task, process in
            let offset = task * process.parameterCount
            var values = [Double](repeating: 0, count: process.stateCount)
            for _ in 0..<length {
                values = (0..<process.stateCount).map { state in
                    var value = 0.0
                    for row in (state * process.actionCount)..<((state + 1) * process.actionCount) {
                        var next = process.rewards[row]
                        for target in 0..<process.stateCount {
                            next += process.transitions[row * process.stateCount + target] * values[target]
                        }
                        value += policies[offset + row] * next
                    }
                    return value
                }
            }
            return values[process.initialState]
        }
    }
}
