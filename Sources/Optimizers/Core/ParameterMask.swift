import Tensors

/// A choice of parameters by path and shape, for example those that weight decay acts on.
public struct ParameterMask: Sendable {
    private let predicate: @Sendable (String, [Int]) -> Bool

    /// Creates a mask.
    ///
    /// - Parameter predicate: takes a parameter's path and shape, and says whether it is chosen.
    public init(_ predicate: @escaping @Sendable (String, [Int]) -> Bool) {
        self.predicate = predicate
    }

    /// Whether a parameter is chosen.
    ///
    /// - Parameters:
    ///   - name: the parameter's path.
    ///   - shape: the parameter's shape.
    /// - Returns: true when it is chosen.
    public func callAsFunction(_ name: String, shape: [Int]) -> Bool {
        predicate(name, shape)
    }

    /// Every parameter.
    public static let all = ParameterMask { _, _ in true }

    /// Parameters with two dimensions or more: weights and embeddings, but neither biases nor gains of norms.
    public static let matrices = ParameterMask { _, shape in shape.count >= 2 }

    /// The same where every leaf carries a leading task axis: parameters with three dimensions or more.
    public static let matricesPerTask = ParameterMask { _, shape in shape.count >= 3 }

    /// Parameters whose path begins with a text, such as `head.`.
    ///
    /// - Parameter text: the beginning.
    /// - Returns: the mask.
    public static func prefix(_ text: String) -> ParameterMask {
        ParameterMask { name, _ in name.hasPrefix(text) }
    }

    /// Every parameter that a mask leaves out.
    ///
    /// - Parameter mask: the mask to turn round.
    /// - Returns: the complement.
    public static prefix func ! (mask: ParameterMask) -> ParameterMask {
        ParameterMask { !mask($0, shape: $1) }
    }

    /// Indices of the chosen parameters of a list.
    func indices(of parameters: ParameterList) -> [Int] {
        parameters.tensors.indices.filter { self(parameters.names[$0], shape: parameters.tensors[$0].shape) }
    }
}

/// A list plus λ times the chosen parameters.
///
/// `isRetention` says that parameters will be added to the result, so that λ acts as p · (1 + λ): torch rounds such a
/// factor to float32 unless parameters are float64. With −ηλ of −1e-4 that shifts a parameter by up to 3e-8 of itself
/// a step, always the same way; all paths agree on it.
func addingDecay(
    _ decay: Factor, of parameters: ParameterList, where mask: ParameterMask, to list: ParameterList,
    isRetention: Bool = false
) -> ParameterList {
    guard !decay.isZero else { return list }
    list.requireSameNames(as: parameters)
    var result = list
    for index in mask.indices(of: parameters) {
        let parameter = parameters.tensors[index]
        var factor = decay
        if isRetention, case .number(let value) = decay, parameter.dtype != .float64 {
            factor = .number(Double(Float(1 + value)) - 1)
        }
        result.tensors[index] = result.tensors[index].adding(parameter, times: factor)
    }
    return result
}
