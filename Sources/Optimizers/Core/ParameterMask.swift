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

    /// Every parameter that a mask leaves out.
    ///
    /// - Parameter mask: the mask to turn round.
    /// - Returns: the complement.
    public static prefix func ! (mask: ParameterMask) -> ParameterMask {
        ParameterMask { !mask($0, shape: $1) }
    }
}

/// Gradients plus λ times the chosen parameters.
func addingDecay(
    _ decay: Factor, of parameters: ParameterList, where mask: ParameterMask, to gradients: ParameterList
) -> ParameterList {
    gradients.requireSameNames(as: parameters)
    guard !decay.isZero else { return gradients }
    var result = gradients
    for index in result.tensors.indices {
        let parameter = parameters.tensors[index]
        if mask(parameters.names[index], shape: parameter.shape) {
            result.tensors[index] = result.tensors[index].adding(parameter, times: decay)
        }
    }
    return result
}
