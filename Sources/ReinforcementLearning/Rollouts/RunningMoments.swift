/// Mean and variance of each number of the vectors seen so far.
///
/// Batches are merged as in Chan, Golub and LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample
/// variances", in float64.
public struct RunningMoments: Sendable, Hashable, Codable {
    /// Vectors seen.
    public private(set) var count = 0
    /// The mean of each number.
    public private(set) var means: [Double]
    /// Sums of squared distances from the mean.
    private var squares: [Double]
    private var batchMeans: [Double]
    private var batchSquares: [Double]

    /// Nothing seen yet.
    ///
    /// - Parameter size: numbers in a vector.
    public init(size: Int) {
        means = Array(repeating: 0, count: size)
        squares = means
        batchMeans = means
        batchSquares = means
    }

    /// Numbers in a vector.
    public var size: Int { means.count }

    /// The variance of a number, divided by the count; 1 before anything was seen.
    ///
    /// - Parameter index: which number.
    /// - Returns: the variance.
    public func variance(_ index: Int) -> Double { count == 0 ? 1 : squares[index] / Double(count) }

    /// Takes in a batch.
    ///
    /// - Parameters:
    ///   - vectors: `[count, size]`.
    ///   - added: how many.
    public mutating func add(_ vectors: UnsafePointer<Float>, count added: Int) {
        guard added > 0 else { return }
        let size = size
        for index in 0..<size {
            batchMeans[index] = 0
            batchSquares[index] = 0
        }
        for row in 0..<added {
            for index in 0..<size { batchMeans[index] += Double(vectors[row * size + index]) }
        }
        for index in 0..<size { batchMeans[index] /= Double(added) }
        for row in 0..<added {
            for index in 0..<size {
                let distance = Double(vectors[row * size + index]) - batchMeans[index]
                batchSquares[index] += distance * distance
            }
        }
        let total = Double(count + added)
        for index in 0..<size {
            let shift = batchMeans[index] - means[index]
            means[index] += shift * Double(added) / total
            squares[index] += batchSquares[index] + shift * shift * Double(count) * Double(added) / total
        }
        count += added
    }

    /// Shifts and scales vectors in place to mean 0 and variance 1, cut off at a bound.
    ///
    /// - Parameters:
    ///   - vectors: `[count, size]`.
    ///   - rows: how many.
    ///   - bound: the largest magnitude of the results.
    public func normalize(_ vectors: UnsafeMutablePointer<Float>, count rows: Int, bound: Float = 10) {
        let size = size
        for index in 0..<size {
            let mean = means[index]
            let scale = 1 / (variance(index) + 1e-8).squareRoot()
            for row in 0..<rows {
                let value = Float((Double(vectors[row * size + index]) - mean) * scale)
                vectors[row * size + index] = min(max(value, -bound), bound)
            }
        }
    }
}

/// Divides rewards by the deviation of the discounted sums that they add up to.
///
/// Each environment's sum starts at 0 with its episode. The mean is left in, so that signs stay. Source: Engstrom et al.
/// 2020, "Implementation matters in deep policy gradients", arXiv:2005.12729, section 3.
public struct RewardScaling: Sendable, Hashable, Codable {
    /// γ in `[0, 1]`.
    public let discount: Double
    private var sums: [Float]
    private var moments = RunningMoments(size: 1)

    /// Nothing seen yet.
    ///
    /// - Parameters:
    ///   - environments: N.
    ///   - discount: γ in `[0, 1]`.
    public init(environments: Int, discount: Double) {
        self.discount = discount
        sums = Array(repeating: 0, count: environments)
    }

    /// Takes in one step's rewards and scales them in place.
    ///
    /// - Parameters:
    ///   - rewards: `[N]`.
    ///   - ended: `[N]`, 1 where the episode ended in this step, so that the next sum starts at 0.
    ///   - resets: `[N]`, 1 where the step was a reset: it has no reward.
    ///   - bound: the largest magnitude of the results.
    public mutating func scale(
        _ rewards: UnsafeMutablePointer<Float>, ended: UnsafePointer<UInt8>, resets: UnsafePointer<UInt8>,
        bound: Float = 10
    ) {
        for index in sums.indices {
            guard resets[index] == 0 else { continue }
            sums[index] = sums[index] * Float(discount) + rewards[index]
        }
        let stepped = sums.indices.filter { resets[$0] == 0 }.map { sums[$0] }
        moments.add(stepped, count: stepped.count)
        let scale = Float(1 / (moments.variance(0) + 1e-8).squareRoot())
        for index in sums.indices {
            rewards[index] = min(max(rewards[index] * scale, -bound), bound)
            if ended[index] != 0 { sums[index] = 0 }
        }
    }
}
