public import Tensors

/// A way to guess the gradient of a function from its values alone.
///
/// What it returns is a tree like the parameters, so any `GradientTransform` takes it:
///
///     let guess = estimator.estimate(at: model, generator: generator) { losses(of: $0) }
///     optimizer.step(&model, gradients: guess.gradient, state: &state)
public protocol GradientEstimator: Sendable {
    /// Guesses value and gradient at a point.
    ///
    /// - Parameters:
    ///   - parameters: the point; integer and bool leaves stay as they are.
    ///   - generator: source of the random directions.
    ///   - function: takes a tree whose leaves have a leading dimension of samples, `[S, ...]`, and returns `[S]`, the
    ///     value at each. S varies from call to call. No graph is recorded.
    /// - Returns: an estimate of the value near the point and of its gradient; constants.
    func estimate<Parameters: TensorTree>(
        at parameters: Parameters, generator: TensorGenerator, _ function: (Parameters) throws -> Tensor
    ) rethrows -> (value: Tensor, gradient: Parameters)
}

extension GradientEstimator {
    /// Guesses value and gradient of a function of one point, which is evaluated at all samples at once with `vmap`.
    ///
    /// - Parameters:
    ///   - parameters: the point.
    ///   - generator: source of the random directions.
    ///   - function: takes a tree like the point and returns a scalar.
    /// - Returns: an estimate of the value near the point and of its gradient; constants.
    public func estimate<Parameters: TensorTree>(
        at parameters: Parameters, generator: TensorGenerator,
        vectorizing function: (Parameters) throws -> Tensor
    ) rethrows -> (value: Tensor, gradient: Parameters) {
        try estimate(at: parameters, generator: generator) { batch in try vmap(over: batch, function) }
    }
}

/// The distribution of random directions: independent of each other, mean 0, covariance the unit matrix.
public struct RandomDirections: Sendable {
    private let draw: @Sendable (_ shape: [Int], _ dtype: DType, _ generator: TensorGenerator) -> Tensor

    /// Directions of your own.
    ///
    /// - Parameter draw: takes a shape `[S, ...]`, an element type and a generator; every number it draws must have mean
    ///   0 and variance 1, and no two be correlated, else the estimates are biased.
    public init(_ draw: @escaping @Sendable (_ shape: [Int], _ dtype: DType, _ generator: TensorGenerator) -> Tensor) {
        self.draw = draw
    }

    /// Standard normal numbers.
    public static let normal = RandomDirections { shape, dtype, generator in generator.normal(shape, dtype: dtype) }

    /// ±1 with equal chances: lower variance than `normal`, since |z|² is always the number of parameters.
    public static let signs = RandomDirections { shape, dtype, generator in
        generator.integers(shape, in: 0..<2, dtype: dtype) * 2 - 1
    }

    /// Uniform numbers in ±√3.
    public static let uniform = RandomDirections { shape, dtype, generator in
        generator.uniform(shape, low: -3.0.squareRoot(), high: 3.0.squareRoot(), dtype: dtype)
    }

    /// Draws directions.
    func callAsFunction(_ count: Int, like tensor: Tensor, _ generator: TensorGenerator) -> Tensor {
        let directions = draw([count] + tensor.shape, tensor.dtype, generator)
        precondition(
            directions.shape == [count] + tensor.shape,
            "RandomDirections: drew the shape \(directions.shape) where \([count] + tensor.shape) was asked for")
        return directions
    }
}

/// Random directions for the floating-point leaves of a tree.
struct DirectionBatch<Parameters: TensorTree> {
    private let point: Parameters
    private let count: Int
    /// `[S, ...]` each; nil for integer and bool leaves.
    private let directions: [Tensor?]

    init(at point: Parameters, count: Int, from distribution: RandomDirections, _ generator: TensorGenerator) {
        self.point = point.detached()
        self.count = count
        directions = self.point.tensors.map { leaf in
            leaf.dtype.isFloatingPoint ? distribution(count, like: leaf, generator) : nil
        }
    }

    /// The points x + σz for each of the scales in turn (0 means x itself, once): `[S or 1, ...]` each, one after another.
    func points(scales: [Double]) -> Parameters {
        point.replacingTensors(
            with: zip(point.tensors, directions).map { leaf, direction in
                guard let direction else {
                    let rows = scales.reduce(0) { $0 + ($1 == 0 ? 1 : count) }
                    return leaf.unsqueezed(0).expanded([rows] + leaf.shape)
                }
                let parts = scales.map { scale in
                    scale == 0 ? leaf.unsqueezed(0) : leaf.adding(direction, scale: scale)
                }
                return parts.count == 1 ? parts[0] : Tensor.concatenated(parts)
            })
    }

    /// Σₛ wₛ zₛ, the weights being `[S]`; 0 for integer and bool leaves.
    func combination(weights: Tensor) -> Parameters {
        point.replacingTensors(
            with: zip(point.tensors, directions).map { leaf, direction in
                guard let direction else { return Tensor.zeros(like: leaf) }
                let row = weights.to(leaf.dtype).unsqueezed(0)
                return row.matmul(direction.reshaped([count, leaf.elementCount])).reshaped(leaf.shape)
            })
    }
}

/// Checks the values that a function returned for a batch of points, and cuts them off from graphs.
func checkedValues(_ values: Tensor, count: Int, _ who: StaticString) -> Tensor {
    precondition(
        values.shape == [count],
        "\(who): the function returned the shape \(values.shape) for \(count) samples, must be [\(count)]")
    return values.detached()
}
