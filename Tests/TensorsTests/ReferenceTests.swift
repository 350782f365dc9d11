import Foundation
import Tensors
import TestSupport
import Testing

/// Values of operations against plain loops over doubles.
@Suite struct ReferenceTests {
    let generator = TensorGenerator(seed: 23)

    private func normal(_ shape: [Int]) -> Tensor { generator.normal(shape, dtype: .float64) }

    private func rows(_ x: Tensor) -> [[Double]] { (0..<x.size(0)).map { x[$0].array(of: Double.self) } }

    private func expectClose(
        _ value: Tensor, _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let got = value.array(of: Double.self)
        #expect(got.count == expected.count, sourceLocation: sourceLocation)
        for (a, b) in zip(got, expected) {
            #expect(abs(a - b) <= Tolerance.float64 * max(1, abs(b)), sourceLocation: sourceLocation)
        }
    }

    private func softmax(_ row: [Double]) -> [Double] {
        let weights = row.map { exp($0 - (row.max() ?? 0)) }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    @Test func reductions() {
        let x = normal([3, 5])
        let r = rows(x)
        let means = r.map { $0.reduce(0, +) / 5 }
        let variances = zip(r, means).map { row, mean in row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4 }
        expectClose(x.sum(dimensions: [1]), r.map { $0.reduce(0, +) })
        expectClose(x.sum(dimensions: []), r.flatMap { $0 })
        expectClose(x.mean(dimension: 1, keepDimension: true), means)
        expectClose(x.variance(dimensions: [1]), variances)
        expectClose(x.standardDeviation(dimensions: [1]), variances.map { $0.squareRoot() })
        expectClose(x.max(dimensions: [1]), r.map { $0.max() ?? .nan })
        expectClose(x.min(), [r.flatMap { $0 }.min() ?? .nan])
        expectClose(x.product(dimension: 1), r.map { $0.reduce(1, *) })
        expectClose(x.norm(order: 1, dimensions: [1]), r.map { $0.reduce(0) { $0 + abs($1) } })
        expectClose(x.norm(dimensions: [1]), r.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() })
        expectClose(x.logSumExp(dimensions: [1]), r.map { log($0.reduce(0) { $0 + exp($1) }) })
        expectClose((x * 1000.0).logSumExp(dimensions: [1]) / 1000.0, r.map { $0.max() ?? .nan })
        expectClose(x.softmax(), r.flatMap(softmax))
        expectClose(x.logSoftmax(), r.flatMap { softmax($0).map { log($0) } })
        expectClose(x.argmax(dimension: 1), r.map { row in Double(row.firstIndex(of: row.max() ?? .nan) ?? -1) })
        expectClose(x.argmin(dimension: 1), r.map { row in Double(row.firstIndex(of: row.min() ?? .nan) ?? -1) })
        expectClose(
            x.cumulativeSum(dimension: 1), r.flatMap { row in row.indices.map { row[...$0].reduce(0, +) } })
        expectClose(
            x.cumulativeProduct(dimension: 1), r.flatMap { row in row.indices.map { row[...$0].reduce(1, *) } })
        expectClose(
            x.cumulativeMax(dimension: 1), r.flatMap { row in row.indices.map { row[...$0].max() ?? .nan } })
        expectClose(x.quantile(0.5, dimension: 1), r.map { $0.sorted()[2] })
        #expect((x .> 0).countNonzero().integerItem() == r.flatMap { $0 }.count { $0 > 0 })
        #expect((x .> 0).all().item() == 0 && (x .> 0).any().item() == 1)
    }

    @Test func order() {
        let x = normal([3, 6])
        let r = rows(x)
        expectClose(x.sorted().values, r.flatMap { $0.sorted() })
        expectClose(x.gather(dimension: 1, x.argsort(descending: true)), r.flatMap { $0.sorted(by: >) })
        expectClose(x.topK(2).values, r.flatMap { $0.sorted(by: >).prefix(2) })
        expectClose(x.topK(2, largest: false).values, r.flatMap { $0.sorted().prefix(2) })
        let unique = Tensor([3, 1, 3, 2, 1, 3]).unique()
        #expect(unique.values.array(of: Int.self) == [1, 2, 3])
        #expect(unique.inverse.array(of: Int.self) == [2, 0, 2, 1, 0, 2])
        #expect(unique.counts.array(of: Int.self) == [2, 1, 3])
        #expect(Tensor([1, 1, 3]).binCount(minimumLength: 5).array(of: Int.self) == [0, 2, 0, 1, 0])
        let edges = Tensor([1, 2, 2, 5] as [Double])
        #expect(edges.searchSorted(Tensor([2, 6] as [Double])).array(of: Int.self) == [1, 4])
        #expect(edges.searchSorted(Tensor([2, 6] as [Double]), right: true).array(of: Int.self) == [3, 4])
    }

    @Test func products() throws {
        let a = normal([3, 4])
        let b = normal([4, 2])
        let (x, y) = (rows(a), rows(b))
        let expected = x.flatMap { row in (0..<2).map { j in (0..<4).reduce(0) { $0 + row[$1] * y[$1][j] } } }
        expectClose(a.matmul(b), expected)
        expectClose(Tensor.einsum("ik,kj->ij", a, b), expected)
        expectClose(a.unsqueezed(0).batchedMatmul(b.unsqueezed(0)), expected)
        expectClose(a.linear(weight: b.transposed()), expected)
        let spd = a.matmul(a.transposed()) + Tensor.identity(3, dtype: .float64)
        let factor = try spd.cholesky()
        #expect(factor.matmul(factor.transposed()).isClose(to: spd, relative: 1e-12, absolute: 1e-12))
        #expect(try spd.solve(spd.matmul(a)).isClose(to: a, relative: 1e-10, absolute: 1e-10))
        #expect(try spd.inverse().matmul(spd).isClose(to: Tensor.identity(3, dtype: .float64), absolute: 1e-10))
        let (values, vectors) = try spd.symmetricEigenvalues()
        #expect(spd.matmul(vectors).isClose(to: vectors * values, relative: 1e-10, absolute: 1e-10))
        let (u, s, v) = try a.singularValues()
        #expect((u * s).matmul(v).isClose(to: a, relative: 1e-12, absolute: 1e-12))
        #expect(spd.determinant().isClose(to: values.product(), relative: 1e-10))
        #expect(throws: TensorError.self) { try Tensor.zeros([2, 2]).inverse() }
        #expect(throws: TensorError.self) { try (-Tensor.identity(2)).cholesky() }
    }

    @Test func normalisation() {
        let x = normal([2, 4])
        let weight = normal([4])
        let w = weight.array(of: Double.self)
        let layer = rows(x).flatMap { row -> [Double] in
            let mean = row.reduce(0, +) / 4
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
            return zip(row, w).map { ($0 - mean) / (variance + 1e-5).squareRoot() * $1 }
        }
        expectClose(x.layerNorm(weight: weight), layer)
        let rms = rows(x).flatMap { row -> [Double] in
            let square = row.reduce(0) { $0 + $1 * $1 } / 4
            return zip(row, w).map { $0 / (square + 1e-6).squareRoot() * $1 }
        }
        expectClose(x.rmsNorm(weight: weight), rms)
        let grouped = x.reshaped([4, 2]).layerNorm().reshaped([2, 4])
        #expect(
            x.unsqueezed(-1).groupNorm(groups: 2).squeezed(-1).isClose(to: grouped, relative: 1e-10, absolute: 1e-12))
    }

    @Test(arguments: [false, true])
    func attention(causal: Bool) {
        let (q, k, v) = (normal([2, 4, 3, 2]), normal([2, 2, 3, 2]), normal([2, 2, 3, 5]))
        let result = Tensor.attention(query: q, key: k, value: v, causal: causal, groupedHeads: true)
        var expected: [Double] = []
        for b in 0..<2 {
            for h in 0..<4 {
                let (queries, keys, values) = (rows(q[b, h]), rows(k[b, h / 2]), rows(v[b, h / 2]))
                for t in 0..<3 {
                    let seen = causal ? t + 1 : 3
                    let scores = (0..<seen).map { s in
                        (queries[t][0] * keys[s][0] + queries[t][1] * keys[s][1]) / 2.0.squareRoot()
                    }
                    let weights = softmax(scores)
                    expected += (0..<5).map { e in (0..<seen).reduce(0) { $0 + weights[$1] * values[$1][e] } }
                }
            }
        }
        expectClose(result, expected)
        let mask = Tensor.ones([3, 3], dtype: .bool).lowerTriangle()
        let masked = Tensor.attention(query: q, key: k, value: v, mask: causal ? mask : nil, groupedHeads: true)
        expectClose(masked, expected)
    }

    @Test func losses() {
        let x = normal([3, 4])
        let probabilities = rows(x).map(softmax)
        let target = Tensor([2, -100, 0])
        let single = [-log(probabilities[0][2]), -log(probabilities[2][0])]
        expectClose(x.crossEntropy(target), [(single[0] + single[1]) / 2])
        expectClose(x.crossEntropy(target, reduction: .sum), [single[0] + single[1]])
        expectClose(x.crossEntropy(target, reduction: .none), [single[0], 0, single[1]])
        expectClose(x.logSoftmax().negativeLogLikelihood(target, reduction: .none), [single[0], 0, single[1]])
        let logits = Tensor([0.5, -2] as [Double])
        let labels = Tensor([1, 0.25] as [Double])
        let bce = [0.5, -2.0].enumerated().map { index, z in
            let (s, t) = (1 / (1 + exp(-z)), [1, 0.25][index])
            return -t * log(s) - (1 - t) * log(1 - s)
        }
        expectClose(logits.binaryCrossEntropyWithLogits(labels, reduction: .none), bce)
        expectClose(logits.meanSquaredError(labels), [(0.25 + 2.25 * 2.25) / 2])
        expectClose(logits.huberLoss(labels, delta: 1, reduction: .none), [0.125, 2.25 - 0.5])
    }

    @Test func convolutions() {
        let x = normal([1, 2, 6])
        let w = normal([1, 2, 3])
        let (signal, kernel) = (rows(x[0]), rows(w[0]))
        let padded = signal.map { [0] + $0 + [0] }
        let expected = stride(from: 0, through: 5, by: 2).map { start in
            (0..<2).reduce(0.0) { sum, c in (0..<3).reduce(sum) { $0 + padded[c][start + $1] * kernel[c][$1] } }
        }
        expectClose(x.convolution1D(weight: w, stride: 2, padding: 1), expected)
        let flat = x.unsqueezed(2).convolution2D(weight: w.unsqueezed(2))
        #expect(flat.squeezed(2).isClose(to: x.convolution1D(weight: w), relative: 1e-12, absolute: 1e-12))
        let image = Tensor.arange(16).to(.float64).reshaped([1, 1, 4, 4])
        expectClose(image.maxPool2D(window: 2), [5, 7, 13, 15])
        expectClose(image.averagePool2D(window: 2), [2.5, 4.5, 10.5, 12.5])
    }

    @Test func placement() {
        let x = Tensor.zeros([2, 3], dtype: .int64)
        let index = Tensor([[2, 0], [1, 1]].flatMap { $0 }, shape: [2, 2])
        let source = Tensor([1, 2, 3, 4], shape: [2, 2])
        #expect(x.scatter(dimension: 1, index[0..., 0..<1], source).array(of: Int.self) == [0, 0, 1, 0, 3, 0])
        #expect(x.scatter(dimension: 1, index, value: 9).array(of: Int.self) == [9, 0, 9, 0, 9, 0])
        #expect(x.scatterAdd(dimension: 1, index, source).array(of: Int.self) == [2, 0, 1, 0, 7, 0])
        #expect(x.indexAdd(dimension: 1, Tensor([1, 1]), source).array(of: Int.self) == [0, 3, 0, 0, 7, 0])
        #expect(x.indexPut([Tensor([1]), Tensor([2])], Tensor(5)).array(of: Int.self) == [0, 0, 0, 0, 0, 5])
        #expect(
            x.replacing(dimension: 0, index: 1, with: Tensor([1, 2, 3])).array(of: Int.self) == [0, 0, 0, 1, 2, 3])
        #expect(Tensor([0, 2]).oneHot(classes: 3).array(of: Int.self) == [1, 0, 0, 0, 0, 1])
        #expect(Tensor([0, 3, 0, 4]).nonzero().array(of: Int.self) == [1, 3])
        #expect(Tensor.arange(6).chunked(4).map { $0.size(0) } == [2, 2, 1, 1])
        #expect(Tensor.arange(4).padded([(1, 0)], value: 7).array(of: Int.self) == [7, 0, 1, 2, 3])
        #expect(Tensor([1, 2]).repeated(2, dimension: 0).array(of: Int.self) == [1, 1, 2, 2])
        #expect(Tensor([1, 2]).tiled([2]).array(of: Int.self) == [1, 2, 1, 2])
        #expect(Tensor([7, -7]).floorDivided(by: 2).array(of: Int.self) == [3, -4])
        #expect(Tensor([7, -7]).remainder(2).array(of: Int.self) == [1, 1])
        #expect((.!Tensor([true, false]) .& Tensor([false, true])).array(of: Bool.self) == [false, true])
    }

    @Test func inPlaceAdamMatchesTheFormula() {
        // Kingma & Ba 2015, algorithm 1, with decoupled decay (Loshchilov & Hutter 2019), three steps by hand.
        let step = AdamStep(
            learningRate: 0.1, beta1: 0.9, beta2: 0.99, weightDecay: 0.05, epsilon: 1e-8, isDecoupled: true)
        let parameter = Tensor([1, -2] as [Double])
        let (first, second, time) = (Tensor.zeros(like: parameter), Tensor.zeros(like: parameter), Tensor.zeros([]))
        var (p, m, v) = ([1.0, -2], [0.0, 0], [0.0, 0])
        for t in 1...3 {
            let g = [0.5 * Double(t), -1]
            InPlace.add(time, 1)
            InPlace.adam(
                parameters: [parameter], gradients: [Tensor(g)], first: [first], second: [second], steps: [time],
                options: step)
            for i in 0..<2 {
                m[i] = 0.9 * m[i] + 0.1 * g[i]
                v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i]
                let (a, b) = (m[i] / (1 - pow(0.9, Double(t))), v[i] / (1 - pow(0.99, Double(t))))
                p[i] -= 0.1 * 0.05 * p[i] + 0.1 * a / (b.squareRoot() + 1e-8)
            }
        }
        #expect(parameter.isClose(to: Tensor(p), relative: 1e-10))
    }
}
