public import Tensors

/// What `Adam` and `AdamW` remember; their in-place path reads and writes the same state.
public struct AdamState: SteppedState {
    /// Number of updates made so far.
    public var step: Int

    /// First moments m, one a parameter.
    public var firstMoments: ParameterList

    /// Second moments v, one a parameter.
    public var secondMoments: ParameterList

    /// Largest second moments so far, with amsgrad; else nil.
    public var largestSecondMoments: ParameterList?

    /// Creates the state before the first step: zero moments.
    ///
    /// - Parameters:
    ///   - parameters: the parameters; shapes, types, devices and names are used.
    ///   - amsgrad: whether to keep the largest second moments.
    public init(for parameters: ParameterList, amsgrad: Bool = false) {
        step = 0
        firstMoments = parameters.map { Tensor.zeros(like: $0) }
        secondMoments = parameters.map { Tensor.zeros(like: $0) }
        largestSecondMoments = amsgrad ? parameters.map { Tensor.zeros(like: $0) } : nil
    }

    /// Shows the moments under `first`, `second` and `largest`.
    ///
    /// - Parameter visitor: sees and may replace every moment.
    public mutating func visitTensors<Visitor: TensorVisitor>(_ visitor: inout Visitor) {
        visitor.visit("first", &firstMoments)
        visitor.visit("second", &secondMoments)
        visitor.visit("largest", &largestSecondMoments)
    }
}

extension AdamState {
    /// Takes gradients in, and returns directions times a factor.
    ///
    /// The operations are those of `torch.optim`, in its order, so that trajectories agree to rounding.
    mutating func directions(for gradients: ParameterList, scale: Double, _ options: AdamOptions) -> ParameterList {
        firstMoments.requireSameNames(as: gradients)
        let results = AdamDirections(
            gradients: gradients.tensors, first: firstMoments.tensors, second: secondMoments.tensors,
            largest: largestSecondMoments?.tensors,
            options: AdamDirectionOptions(
                beta1: options.firstMomentDecay, beta2: options.secondMomentDecay, epsilon: options.epsilon,
                epsilonRoot: options.epsilonRoot, scale: scale, step: step + 1))
        firstMoments.tensors = results.first
        secondMoments.tensors = results.second
        if let largest = results.largest { largestSecondMoments?.tensors = largest }
        return ParameterList(names: gradients.names, tensors: results.directions)
    }
}
