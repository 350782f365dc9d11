import Foundation
import Networks
import Tensors
import Testing

/// What `Tests/Fixtures/networks/make_goldens.py` wrote.
struct LayerGoldens: Decodable {
    /// Output of a layer, and the gradients of sum(output · wave(output shape, 11)) by leaf.
    struct Case: Decodable {
        var output: [Double]
        var shape: [Int]
        var gradients: [String: [Double]]
    }

    var linear: Case
    var embedding: Case
    var layer_norm: Case
    var rms_norm: Case
    var activations: [String: Case]
    var swiglu: Case
    var multilayer_perceptron: Case
    var rotary: Case
    var attention_kernel: [String: Case]
    var attention_layer: Case
    var initialisers: [String: [Double]]

    static func load() throws -> LayerGoldens {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/networks/goldens.json")
        return try JSONDecoder().decode(LayerGoldens.self, from: Data(contentsOf: file))
    }
}

/// sin(0.7 i + seed) in double precision: the inputs of every golden.
func wave(_ shape: [Int], _ seed: Double) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { sin(Double($0) * 0.7 + seed) }, shape: shape)
}

/// Largest |ours − torch's| / (1 + |torch's|): 15 digits were written, sums have up to a hundred terms of order 1.
let goldenTolerance = 1e-13

/// Largest |ours − reference| / (1 + |reference|); infinite when the counts differ.
func largestDifference(_ ours: Tensor, _ reference: [Double]) -> Double {
    let values = ours.to(.float64).array(of: Double.self)
    guard values.count == reference.count else { return .infinity }
    return zip(values, reference).map { abs($0 - $1) / (1 + abs($1)) }.max() ?? 0
}

/// A layer together with its input, so that one gradient call sees both.
struct WithInput<Layer: TensorTree & Sendable>: TensorTree, Sendable {
    var layer: Layer
    var input: Tensor

    mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("layer", &layer)
        visitor.visit("input", &input)
    }
}

/// Compares output and gradients of a function of a tree with a golden case.
///
/// `names` gives the golden's name for the gradient at each leaf's path.
func check<Tree: TensorTree>(
    _ golden: LayerGoldens.Case, at tree: Tree, names: [String: String], _ function: (Tree) -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let output = function(tree)
    #expect(output.shape == golden.shape, sourceLocation: sourceLocation)
    #expect(largestDifference(output, golden.output) <= goldenTolerance, sourceLocation: sourceLocation)
    let weights = wave(golden.shape, 11)
    let (_, gradient) = valueAndGrad(at: tree) { (function($0) * weights).sum() }
    let leaves = gradient.flattened()
    #expect(leaves.count == golden.gradients.count, sourceLocation: sourceLocation)
    for leaf in leaves {
        let reference = names[leaf.path].flatMap { golden.gradients[$0] } ?? []
        #expect(
            largestDifference(leaf.tensor, reference) <= goldenTolerance, "gradient of \(leaf.path)",
            sourceLocation: sourceLocation)
    }
}
