import Tensors
import TestSupport
import Testing

/// A differentiable operation of one or more tensors, with the shapes that it is tried on.
struct GradientCase: Sendable, CustomTestStringConvertible {
    var name: String
    var shapes: [[Int]]
    var isTwiceDifferentiable = true
    var operation: @Sendable ([Tensor]) -> Tensor

    init(_ name: String, _ shapes: [[Int]], twice: Bool = true, _ operation: @escaping @Sendable ([Tensor]) -> Tensor) {
        self.name = name
        self.shapes = shapes
        self.isTwiceDifferentiable = twice
        self.operation = operation
    }

    var testDescription: String { name }
}

private let index = Tensor([[2, 0, 1], [1, 1, 0]].flatMap { $0 }, shape: [2, 3])
private let rows = Tensor([2, 0])

private let binaryCases: [GradientCase] = [
    GradientCase("+ broadcast", [[2, 3], [3]]) { $0[0] + $0[1] },
    GradientCase("- broadcast", [[2, 1], [2, 3]]) { $0[0] - $0[1] },
    GradientCase("* broadcast", [[2, 3], []]) { $0[0] * $0[1] },
    GradientCase("/", [[2, 3], [2, 3]]) { $0[0] / ($0[1].square() + 1) },
    GradientCase("pow", [[3], [3]]) { ($0[0].square() + 0.5).pow($0[1]) },
    GradientCase("maximum", [[5], [5]]) { Tensor.maximum($0[0], $0[1]) },
    GradientCase("minimum", [[5], [5]]) { Tensor.minimum($0[0], $0[1]) },
    GradientCase("atan2", [[4], [4]]) { $0[0].atan2($0[1] + 4.0) },
    GradientCase("remainder", [[4]]) { $0[0].remainder(Tensor(7.5, dtype: .float64)) },
    GradientCase("truncatedRemainder", [[4]]) { $0[0].truncatedRemainder(Tensor(7.5, dtype: .float64)) },
    GradientCase("interpolated", [[3], [3], [3]]) { $0[0].interpolated(to: $0[1], weight: $0[2]) },
    GradientCase("interpolated by a number", [[3], [3]]) { $0[0].interpolated(to: $0[1], weight: 0.3) },
    GradientCase("adding", [[3], [3]]) { $0[0].adding($0[1], scale: 2) },
    GradientCase("addingProduct", [[3], [3], [3]]) { $0[0].addingProduct($0[1], $0[2], scale: 3) },
    GradientCase("addingQuotient", [[3], [3], [3]]) { $0[0].addingQuotient($0[1], $0[2].square() + 1, scale: 3) },
    GradientCase("where", [[2, 3], [2, 3]]) { Tensor.where($0[0] .> $0[1], $0[0], $0[1] * 2.0) },
]

private let reductionCases: [GradientCase] = [
    GradientCase("sum", [[2, 3]]) { $0[0].sum() },
    GradientCase("sum over dimensions", [[2, 3, 2]]) { $0[0].sum(dimensions: [0, -1], keepDimensions: true) },
    GradientCase("sum over one", [[2, 3]]) { $0[0].sum(dimension: 1) },
    GradientCase("mean", [[2, 3]]) { $0[0].mean(dimensions: [1]) },
    GradientCase("max", [[2, 3]]) { $0[0].max(dimensions: [1]) },
    GradientCase("min", [[2, 3]]) { $0[0].min() },
    GradientCase("logSumExp", [[2, 3]]) { $0[0].logSumExp(dimensions: [1], keepDimensions: true) },
    GradientCase("logSumExp of all", [[2, 3]]) { $0[0].logSumExp() },
    GradientCase("product", [[2, 3]]) { $0[0].product(dimension: 1) },
    GradientCase("product of all", [[3]]) { $0[0].product() },
    GradientCase("variance", [[2, 4]]) { $0[0].variance(dimensions: [1]) },
    GradientCase("variance, biased", [[2, 4]]) { $0[0].variance(correction: 0) },
    GradientCase("standardDeviation", [[2, 4]]) { $0[0].standardDeviation(dimensions: [1]) },
    GradientCase("norm", [[2, 4]]) { $0[0].norm(dimensions: [1]) },
    GradientCase("norm of order 3", [[5]]) { $0[0].norm(order: 3) },
    GradientCase("cumulativeSum", [[2, 3]]) { $0[0].cumulativeSum(dimension: 1) },
    GradientCase("cumulativeProduct", [[2, 3]]) { $0[0].cumulativeProduct(dimension: 1) },
    GradientCase("cumulativeLogSumExp", [[2, 3]]) { $0[0].cumulativeLogSumExp(dimension: 1) },
    GradientCase("cumulativeMax", [[2, 4]]) { $0[0].cumulativeMax(dimension: 1) },
    GradientCase("quantile", [[2, 5]]) { $0[0].quantile(0.3, dimension: 1) },
    GradientCase("topK", [[2, 5]]) { $0[0].topK(2).values },
    GradientCase("sorted", [[2, 4]]) { $0[0].sorted(descending: true).values },
    GradientCase("maxWithIndices", [[2, 4]]) { $0[0].maxWithIndices(dimension: 1).values },
    GradientCase("summed", [[2, 3]]) { $0[0].summed(to: [1, 3]) },
    GradientCase("softmax", [[2, 3]]) { $0[0].softmax() },
    GradientCase("logSoftmax", [[2, 3]]) { $0[0].logSoftmax(dimension: 0) },
]

private let shapeCases: [GradientCase] = [
    GradientCase("reshaped", [[2, 6]]) { $0[0].reshaped([3, -1]) },
    GradientCase("expanded", [[2, 1]]) { $0[0].expanded([2, 2, 3]) },
    GradientCase("permuted", [[2, 3, 2]]) { $0[0].permuted([2, 0, 1]) },
    GradientCase("transposed", [[2, 3]]) { $0[0].transposed() },
    GradientCase("movedDimension", [[2, 3, 2]]) { $0[0].movedDimension(from: 0, to: 2) },
    GradientCase("squeezed", [[2, 1]]) { $0[0].squeezed(1) },
    GradientCase("unsqueezed", [[2]]) { $0[0].unsqueezed(0) },
    GradientCase("flattened", [[2, 2, 2]]) { $0[0].flattened(from: 1) },
    GradientCase("unflattened", [[6]]) { $0[0].unflattened(0, into: [2, 3]) },
    GradientCase("tiled", [[2]]) { $0[0].tiled([2, 2]) },
    GradientCase("repeated", [[2, 2]]) { $0[0].repeated(3, dimension: 1) },
    GradientCase("flipped", [[2, 3]]) { $0[0].flipped(dimensions: [1]) },
    GradientCase("rolled", [[5]]) { $0[0].rolled(by: 2, dimension: 0) },
    GradientCase("diagonal", [[3, 4]]) { $0[0].diagonal(offset: 1) },
    GradientCase("diagonalMatrix", [[3]]) { $0[0].diagonalMatrix(offset: -1) },
    GradientCase("lowerTriangle", [[3, 3]]) { $0[0].lowerTriangle() },
    GradientCase("upperTriangle", [[3, 3]]) { $0[0].upperTriangle(1) },
    GradientCase("windows", [[6]]) { $0[0].windows(dimension: 0, size: 3, step: 2) },
    GradientCase("padded", [[2, 2]]) { $0[0].padded([(1, 2), (0, 1)], value: 3) },
    GradientCase("concatenated", [[2, 2], [2, 1]]) { Tensor.concatenated($0, dimension: 1) },
    GradientCase("stacked", [[2], [2]]) { Tensor.stacked($0, dimension: 1) },
    GradientCase("split", [[5]]) {
        let parts = $0[0].split([2, 3]); return parts[1] * 2.0
    },
    GradientCase("select", [[3, 2]]) { $0[0][-1] },
    GradientCase("slice", [[5, 2]]) { $0[0].slice(dimension: 0, start: 1, step: 2) },
    GradientCase("indexSelect", [[3, 2]]) { $0[0].indexSelect(dimension: 0, rows) },
    GradientCase("gather", [[2, 3]]) { $0[0].gather(dimension: 1, index) },
    GradientCase("takeAlong", [[2, 3]]) { $0[0].takeAlong(dimension: 1, index) },
    GradientCase("scatter", [[2, 3], [2, 1]]) { $0[0].scatter(dimension: 1, index[0..., 0..<1], $0[1]) },
    GradientCase("scatterAdd", [[2, 3], [2, 3]]) { $0[0].scatterAdd(dimension: 1, index, $0[1]) },
    GradientCase("indexAdd", [[3, 2], [2, 2]]) { $0[0].indexAdd(dimension: 0, rows, $0[1]) },
    GradientCase("indexReplace", [[3, 2], [2, 2]]) { $0[0].indexReplace(dimension: 0, rows, $0[1]) },
    GradientCase("replacing an index", [[3, 2], [2]]) { $0[0].replacing(dimension: 0, index: 1, with: $0[1]) },
    GradientCase("replacing a range", [[4], [2]]) { $0[0].replacing(dimension: 0, start: 1, end: 3, with: $0[1]) },
    GradientCase("maskedSelect", [[2, 3]]) { $0[0].maskedSelect(Tensor([true, false, true])) },
    GradientCase("index", [[3, 4]]) { $0[0].index([nil, rows]) },
    GradientCase("indexPut", [[3], [2]]) { $0[0].indexPut([rows], $0[1], accumulate: true) },
    GradientCase("embedding", [[3, 2]]) { $0[0].embedding(index) },
]

private let productCases: [GradientCase] = [
    GradientCase("matmul", [[2, 3], [3, 2]]) { $0[0].matmul($0[1]) },
    GradientCase("matmul broadcast", [[2, 2, 3], [3]]) { $0[0].matmul($0[1]) },
    GradientCase("batchedMatmul", [[2, 2, 3], [2, 3, 1]]) { $0[0].batchedMatmul($0[1]) },
    GradientCase("dot", [[3], [3]]) { $0[0].dot($0[1]) },
    GradientCase("outer", [[2], [3]]) { $0[0].outer($0[1]) },
    GradientCase("addingMatmul", [[2], [3, 2], [2, 2]]) { $0[0].addingMatmul($0[1], $0[2]) },
    GradientCase("einsum", [[2, 3], [3, 2]]) { Tensor.einsum("ij,jk->ki", $0[0], $0[1]) },
    GradientCase("determinant", [[3, 3]]) { ($0[0] + Tensor.identity(3, dtype: .float64) * 3.0).determinant() },
    GradientCase("log determinant", [[3, 3]]) {
        ($0[0] + Tensor.identity(3, dtype: .float64) * 4.0).signAndLogDeterminant().logarithm
    },
    GradientCase("qr", [[3, 2]]) { $0[0].qr().r },
    GradientCase("linear", [[2, 3], [4, 3], [4]]) { $0[0].linear(weight: $0[1], bias: $0[2]) },
    GradientCase("layerNorm", [[2, 4], [4], [4]]) { $0[0].layerNorm(weight: $0[1], bias: $0[2]) },
    GradientCase("layerNorm over two", [[2, 2, 2]]) { $0[0].layerNorm(dimensions: 2) },
    GradientCase("rmsNorm", [[2, 4], [4]]) { $0[0].rmsNorm(weight: $0[1]) },
    GradientCase("groupNorm", [[2, 4, 2], [4], [4]]) { $0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2]) },
    // libtorch's own kernel for attention has no second derivative on the CPU.
    GradientCase("attention", [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]], twice: false) {
        Tensor.attention(query: $0[0], key: $0[1], value: $0[2], causal: true)
    },
    GradientCase("attention, grouped", [[1, 4, 2, 2], [1, 2, 3, 2], [1, 2, 3, 2]], twice: false) {
        Tensor.attention(query: $0[0], key: $0[1], value: $0[2], groupedHeads: true)
    },
    GradientCase("convolution1D", [[1, 2, 5], [3, 2, 2], [3]]) {
        $0[0].convolution1D(weight: $0[1], bias: $0[2], stride: 2, padding: 1)
    },
    GradientCase("convolution2D", [[1, 2, 4, 4], [2, 1, 2, 2], [2]]) {
        $0[0].convolution2D(weight: $0[1], bias: $0[2], groups: 2)
    },
    GradientCase("maxPool2D", [[1, 1, 4, 4]]) { $0[0].maxPool2D(window: 2) },
    GradientCase("averagePool2D", [[1, 1, 4, 4]]) { $0[0].averagePool2D(window: 2) },
    GradientCase("crossEntropy", [[2, 3]]) { $0[0].crossEntropy(rows, smoothing: 0.1) },
    GradientCase("crossEntropy of probabilities", [[2, 3], [2, 3]]) { $0[0].crossEntropy($0[1].softmax()) },
    GradientCase("negativeLogLikelihood", [[2, 3]]) { $0[0].logSoftmax().negativeLogLikelihood(rows) },
    GradientCase("binaryCrossEntropyWithLogits", [[3]]) {
        $0[0].binaryCrossEntropyWithLogits(Tensor([0, 0.3, 1] as [Double]))
    },
    GradientCase("meanSquaredError", [[3], [3]]) { $0[0].meanSquaredError($0[1]) },
    GradientCase("huberLoss", [[4], [4]]) { $0[0].huberLoss($0[1], delta: 0.7, reduction: .sum) },
    GradientCase("dropout", [[10]]) { TensorGenerator(seed: 3).dropout($0[0], probability: 0.4) },
    GradientCase("to, copied, contiguous", [[2, 3]]) { $0[0].transposed().contiguous().copied().to(.float64) },
]

@Suite struct GradientParityTests {
    /// Distinct numbers of size 1, whose order no step of differences changes.
    private func inputs(_ item: GradientCase) -> [Tensor] {
        let generator = TensorGenerator(seed: 17)
        return item.shapes.map { generator.normal($0, dtype: .float64) }
    }

    /// Weights without symmetry, so that no error cancels in the sum.
    private func scalar(_ result: Tensor) -> Tensor {
        let weights = (Tensor.arange(result.elementCount).to(.float64) * 0.37).cos().reshaped(result.shape)
        return (result * weights).sum()
    }

    @Test(arguments: binaryCases + reductionCases + shapeCases + productCases)
    func differentiates(_ item: GradientCase) {
        let check = checkGradient(at: inputs(item)) { scalar(item.operation($0)) }
        #expect(check.worst < Tolerance.gradient, "\(check)")
        guard item.isTwiceDifferentiable else { return }
        // Its sine has a second derivative even where the operation is linear.
        let second = checkSecondGradient(at: inputs(item)) { scalar(item.operation($0).sin()) }
        #expect(second.worst < Tolerance.gradient, "\(second)")
    }
}
