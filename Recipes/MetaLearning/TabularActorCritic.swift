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
