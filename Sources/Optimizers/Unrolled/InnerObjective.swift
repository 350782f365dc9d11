public import Tensors

/// What an inner loop minimises: a scalar function of parameters, meta-parameters and the step's number.
///
/// The derivatives come from the function, or from you where you know them in a cheaper form.
public struct InnerObjective<Parameters: TensorTree, Meta: TensorTree> {
    /// A loss: parameters, meta-parameters, number of updates made before.
    ///
    /// With tasks along a leading dimension of every leaf it is the sum of the tasks' losses.
    public typealias Loss = (_ parameters: Parameters, _ meta: Meta, _ step: Int) -> Tensor

    /// The gradient with respect to the parameters.
    public typealias Gradient = (_ parameters: Parameters, _ meta: Meta, _ step: Int) -> Parameters

    /// The derivatives of ⟨gradient with respect to the parameters, direction⟩ by parameters and by meta-parameters.
    public typealias Product =
        (_ parameters: Parameters, _ meta: Meta, _ step: Int, _ direction: Parameters)
        -> (parameters: Parameters, meta: Meta)

    /// The loss itself; nil where only derivatives were given.
    let loss: Loss?
    let customGradient: Gradient?
    let customProduct: Product?

    /// An objective whose derivatives are taken automatically.
    ///
    /// - Parameter loss: returns a scalar. What it captures counts as constant, except with `UnrollMemory.full`.
    public init(_ loss: @escaping Loss) {
        self.loss = loss
        customGradient = nil
        customProduct = nil
    }

    /// An objective by its derivatives.
    ///
    /// It cannot be used with `UnrollMemory.full` and `.truncated`, which differentiate the gradient automatically,
    /// nor differentiated more than once; both trap.
    ///
    /// - Parameters:
    ///   - gradient: the gradient with respect to the parameters.
    ///   - product: the derivatives of ⟨gradient, direction⟩; for the parameters this is Hessian times direction.
    public init(gradient: @escaping Gradient, product: @escaping Product) {
        loss = nil
        customGradient = gradient
        customProduct = product
    }

    /// The gradient with respect to the parameters, without a graph.
    func gradient(at parameters: Parameters, _ meta: Meta, _ step: Int) -> Parameters {
        if let customGradient { return withoutGradients { customGradient(parameters, meta, step) } }
        return grad(at: parameters) { requireLoss()($0, meta, step) }
    }

    /// The gradient with its graph, for an enclosing differentiation.
    func recordedGradient(at parameters: Parameters, _ meta: Meta, _ step: Int) -> Parameters {
        grad(at: parameters, createGraph: true) { requireLoss()($0, meta, step) }
    }

    /// The loss, which some ways to differentiate need.
    func requireLoss() -> Loss {
        guard let loss else {
            preconditionFailure(
                "InnerObjective: given by its derivatives, it has no loss to differentiate: use the memory modes "
                    + "iterates or checkpoints, and differentiate once")
        }
        return loss
    }
}
