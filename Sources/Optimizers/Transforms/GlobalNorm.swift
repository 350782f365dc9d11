public import Tensors

extension TensorTree {
    /// The norm of all leaves taken as one vector.
    ///
    /// - Parameters:
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    ///   - perTask: whether the first dimension of every leaf is a task, and each task has a norm of its own.
    /// - Returns: a tensor without dimensions, or `[tasks]`; 0 for a tree without leaves.
    public func globalNorm(order: Double = 2, perTask: Bool = false) -> Tensor {
        ParameterList(of: self).norm(order: order, perTask: perTask)
    }

    /// The tree scaled so that its norm does not exceed a maximum, as `torch.nn.utils.clip_grad_norm_`.
    ///
    /// Every leaf is multiplied by min(1, maximum / (norm + 10⁻⁶)).
    ///
    /// - Parameters:
    ///   - maximum: largest norm allowed, > 0.
    ///   - order: p ≥ 1 of the p-norm, or `.infinity`.
    ///   - perTask: whether the first dimension of every leaf is a task, and each task is scaled by itself.
    /// - Returns: the scaled tree, and the norm before scaling (a tensor without dimensions, or `[tasks]`).
    ///   A norm that is not a number makes every leaf (of its task) not a number.
    public func clippedByGlobalNorm(
        _ maximum: Double, order: Double = 2, perTask: Bool = false
    ) -> (clipped: Self, norm: Tensor) {
        let limit = NormLimit(maximum: maximum, order: order, perTask: perTask)
        let (list, norm) = limit.applied(to: ParameterList(of: self))
        return (replacingParameters(with: list), norm)
    }
}

extension Tensor {
    /// The p-norm of all elements, or with `perTask` of each slice along the first dimension: shape `[tasks]`.
    func leafNorm(order: Double = 2, perTask: Bool) -> Tensor {
        guard perTask else { return norm(order: order) }
        precondition(rank >= 1, "a norm for each task needs leaves whose first dimension is the task, not a scalar")
        return reshaped([size(0), -1]).norm(order: order, dimensions: [1])
    }
}

extension ParameterList {
    /// The p-norm of all leaves taken as one vector, or of each task's part of them.
    func norm(order: Double, perTask: Bool = false) -> Tensor {
        precondition(order >= 1, "globalNorm: order is \(order), must be at least 1")
        guard let first = tensors.first else { return Tensor(0.0) }
        if tensors.count == 1 { return first.leafNorm(order: order, perTask: perTask) }
        let isComposed = perTask || tensors.contains { $0.requiresGradient }
        let norms =
            isComposed
            ? tensors.map { $0.leafNorm(order: order, perTask: perTask) } : Tensor.norms(tensors, order: order)
        return Tensor.stacked(norms).norm(order: order, dimensions: [0])
    }
}

/// A largest norm, and how to keep to it.
struct NormLimit {
    var maximum: Double
    var order: Double
    var epsilon = 1e-6
    var perTask: Bool

    /// min(1, maximum / (norm + ε)), written so that it has a derivative at norm 0 with ε = 0 too.
    private func coefficient(_ norm: Tensor) -> Tensor {
        maximum / (norm + epsilon).clamped(low: maximum)
    }

    /// A leaf times its coefficient.
    private func scaled(_ leaf: Tensor, by coefficient: Tensor) -> Tensor {
        let factor = coefficient.to(leaf.dtype)
        return leaf * (perTask ? factor.aligned(with: leaf) : factor)
    }

    /// All leaves scaled together, and the norm before.
    func applied(to list: ParameterList) -> (clipped: ParameterList, norm: Tensor) {
        let norm = list.norm(order: order, perTask: perTask)
        let coefficient = coefficient(norm)
        return (list.map { scaled($0, by: coefficient) }, norm)
    }

    /// One leaf scaled by its own norm.
    func applied(to leaf: Tensor) -> Tensor {
        scaled(leaf, by: coefficient(leaf.leafNorm(order: order, perTask: perTask)))
    }
}
