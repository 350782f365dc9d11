import Foundation
import Optimizers
import Tensors
import Testing

/// Parameters of the trajectory tests: `weight` `[3, 4]` and `bias` `[5]`.
struct Leaves: TensorTree, Sendable {
    var weight: Tensor
    var bias: Tensor

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("weight", &weight)
        visitor.visit("bias", &bias)
    }
}

/// The problem of `Tests/Fixtures/optimizers/make_goldens.py`: start, and a gradient in closed form.
struct Problem {
    let start: Leaves
    private let curvature: Leaves
    private let target: Leaves

    init(dtype: DType) {
        func leaves(_ function: (Double) -> Double) -> Leaves {
            func tensor(_ shape: [Int]) -> Tensor {
                Tensor((0..<shape.reduce(1, *)).map { function(Double($0)) }, shape: shape).to(dtype)
            }
            return Leaves(weight: tensor([3, 4]), bias: tensor([5]))
        }
        start = leaves { cos($0 + 0.5) }
        curvature = leaves { 0.5 + 0.1 * $0 }
        target = leaves { sin($0 + 1) }
    }

    /// 2c(p − t) + 0.3 cos(3p).
    func gradient(at parameters: Leaves) -> Leaves {
        func leaf(_ path: KeyPath<Leaves, Tensor>) -> Tensor {
            let p = parameters[keyPath: path]
            return curvature[keyPath: path] * (p - target[keyPath: path]) * 2.0 + (p * 3.0).cos() * 0.3
        }
        return Leaves(weight: leaf(\.weight), bias: leaf(\.bias))
    }

    /// Σ c(p − t)² + 0.1 sin(3p), whose gradient is `gradient(at:)`.
    func loss(_ parameters: Leaves) -> Tensor {
        func leaf(_ path: KeyPath<Leaves, Tensor>) -> Tensor {
            let p = parameters[keyPath: path]
            let difference = p - target[keyPath: path]
            return (curvature[keyPath: path] * difference * difference + (p * 3.0).sin() * 0.1).sum()
        }
        return leaf(\.weight) + leaf(\.bias)
    }
}

/// What `make_goldens.py` wrote.
struct TorchGoldens: Decodable {
    struct Options: Decodable {
        var learningRate: Double?
        var momentum: Double?
        var dampening: Double?
        var nesterov: Bool?
        var weightDecay: Double?
        var firstMomentDecay: Double?
        var secondMomentDecay: Double?
        var epsilon: Double?
        var amsgrad: Bool?
        var maximumNorm: Double?
        var maximum: Double?
        var steps: Int?
        var decay: Double?
        var rateDecay: Double?
        var initialSum: Double?
        var isDecayDecoupled: Bool?
        var isCentred: Bool?
        var maximizes: Bool?
        var adjustment: String?
        var half: Bool?
        var search: String?
    }

    struct Record: Decodable {
        var step: Int
        var weight: [Double]
        var bias: [Double]
    }

    struct Run: Decodable, CustomStringConvertible {
        var kind: String
        var dtype: String
        var options: Options
        var records: [Record]

        var elementType: DType { dtype == "float64" ? .float64 : .float32 }

        /// Largest |ours − torch's| / (1 + |torch's|) allowed after 100 steps.
        ///
        /// Rounding of 6e-8 (1e-16) a step in another order of operations stays below it.
        var tolerance: Double { dtype == "float64" ? 1e-12 : 1e-6 }

        var description: String { "\(kind) \(dtype) \(options)" }
    }

    struct NormCase: Decodable {
        var norm: String
        var maximum: Double
        var total: Double
        var weight: [Double]
        var bias: [Double]
    }

    struct ValueCase: Decodable {
        var maximum: Double
        var weight: [Double]
        var bias: [Double]
    }

    struct Clipping: Decodable {
        var byGlobalNorm: [NormCase]
        var byValue: [ValueCase]
    }

    var clipping: Clipping
    var runs: [Run]

    /// SGD, Adam and AdamW, clipping and schedules.
    static func load() throws -> TorchGoldens { try decoded("goldens.json") }

    /// Runs of the other rules.
    static func rules() throws -> [Run] { try (decoded("rules.json") as Runs).runs }

    private struct Runs: Decodable {
        var runs: [Run]
    }
}

/// What `make_optax_goldens.py` wrote.
struct OptaxGoldens: Decodable {
    struct Schedules: Decodable {
        var steps: [Int]
        var values: [String: [Double]]
    }

    var schedules: Schedules
    var runs: [TorchGoldens.Run]

    static func load() throws -> OptaxGoldens { try decoded("optax.json") }
}

private func decoded<Value: Decodable>(_ name: String) throws -> Value {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: tests.appending(path: "Fixtures/optimizers/" + name)))
}

/// Largest |ours − reference| / (1 + |reference|) over both leaves.
func largestDifference(_ leaves: Leaves, weight: [Double], bias: [Double]) -> Double {
    let ours = leaves.weight.array(of: Double.self) + leaves.bias.array(of: Double.self)
    return zip(ours, weight + bias).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? .infinity
}

/// Steps an optimiser through the problem of a golden run and compares every recorded step.
func follow<Optimizer: GradientTransform>(
    _ run: TorchGoldens.Run, _ optimizer: Optimizer, tolerance: Double? = nil,
    sourceLocation: SourceLocation = #_sourceLocation, spoil: (Int, Leaves) -> Leaves = { $1 },
    change: (Int, inout Optimizer.State) -> Void = { _, _ in }
) {
    let problem = Problem(dtype: run.elementType)
    var parameters = problem.start
    var state = optimizer.initialState(for: parameters)
    var compared = 0
    for step in 1...(run.records.map(\.step).max() ?? 0) {
        let gradients = spoil(step, problem.gradient(at: parameters))
        change(step, &state)
        optimizer.step(&parameters, gradients: gradients, state: &state)
        guard let record = run.records.first(where: { $0.step == step }) else { continue }
        compared += 1
        let difference = largestDifference(parameters, weight: record.weight, bias: record.bias)
        #expect(
            difference <= tolerance ?? run.tolerance, "\(run), step \(step): \(difference)",
            sourceLocation: sourceLocation)
    }
    #expect(compared == run.records.count, sourceLocation: sourceLocation)
}
