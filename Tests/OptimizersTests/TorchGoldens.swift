import Foundation
import Optimizers
import Tensors

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
        var maximizes: Bool?
        var isDecayDecoupled: Bool?
        var decay: Double?
        var rateDecay: Double?
        var initialSum: Double?
        var isCentred: Bool?
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

    static func load() throws -> TorchGoldens {
        try decodeFixture("goldens.json")
    }
}

/// Decodes a file of `Tests/Fixtures/optimizers`.
func decodeFixture<Content: Decodable>(_ name: String) throws -> Content {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Fixtures/optimizers").appending(path: name)
    return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
}

/// Largest |ours − reference| / (1 + |reference|) over both leaves.
func largestDifference(_ leaves: Leaves, weight: [Double], bias: [Double]) -> Double {
    let ours = leaves.weight.array(of: Double.self) + leaves.bias.array(of: Double.self)
    return zip(ours, weight + bias).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? .infinity
}
