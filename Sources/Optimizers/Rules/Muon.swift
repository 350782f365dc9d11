import Tensors

/// Momentum made orthogonal, for matrices, as `torch.optim.Muon`.
///
/// b ← b + (1 − μ)(g − b); Nesterov: u = g + μ(b − g), else u = b; update = −η(c·orthogonal(u) + λp), where c is chosen
/// by `RateAdjustment`, and `orthogonal` is some steps of a quintic Newton-Schulz iteration that brings all singular
/// values near 1 (between about .7 and 1.2 with the standard coefficients).
///
/// The last two dimensions of a parameter are its matrix, those before (such as a task axis) are a batch. It is for the
/// matrices in the middle of a network; give the rest to another rule:
///
///     ByGroup(Muon(learningRate: 0.02), where: .matrices, others: AdamW(learningRate: 3e-4))
///
/// Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; rate adjustment to Adam's
/// size: Liu et al. 2025, arXiv:2502.16982, eq. 4.
public struct Muon: DescentRule {
    /// How a step's size depends on the matrix's shape `[rows, columns]`.
    public enum RateAdjustment: Sendable {
        /// c = √max(1, rows / columns).
        case keepsSpectralSize

        /// c = 0.2 √max(rows, columns): learning rates of AdamW can be kept.
        case matchesAdam

        /// c = 1.
        case none

        func factor(rows: Int, columns: Int) -> Double {
            switch self {
            case .keepsSpectralSize: Swift.max(1, Double(rows) / Double(columns)).squareRoot()
            case .matchesAdam: 0.2 * Double(Swift.max(rows, columns)).squareRoot()
            case .none: 1
            }
        }
    }

    /// Learning rate η, decoupled weight decay λ (multiplied by η), and whether to go up.
    public var descent: DescentOptions

    /// Momentum μ in `[0, 1)`.
    public var momentum: Double

    /// Whether to look ahead along the momentum.
    public var nesterov: Bool

    /// How a step's size depends on the shape.
    public var adjustment: RateAdjustment

    /// How momenta are made orthogonal.
    public var iteration: NewtonSchulz

    /// Creates the optimiser.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - momentum: μ in `[0, 1)`.
    ///   - nesterov: whether to look ahead along the momentum.
    ///   - weightDecay: λ, multiplied by the learning rate.
    ///   - decayMask: the parameters that decay.
    ///   - adjustment: how a step's size depends on the shape.
    ///   - maximizes: whether steps go up.
    ///   - iteration: how momenta are made orthogonal.
    /// - Precondition: μ is in range; violations trap.
    public init(
        learningRate: Hyperparameter = 1e-3, momentum: Double = 0.95, nesterov: Bool = true,
        weightDecay: Hyperparameter = 0.1, decayMask: ParameterMask = .all,
        adjustment: RateAdjustment = .keepsSpectralSize, maximizes: Bool = false,
        iteration: NewtonSchulz = NewtonSchulz()
    ) {
        requireDecays("Muon", momentum)
        descent = DescentOptions(
            learningRate: learningRate, weightDecay: weightDecay, decayMask: decayMask, isDecayDecoupled: true,
            maximizes: maximizes)
        self.momentum = momentum
        self.nesterov = nesterov
        self.adjustment = adjustment
        self.iteration = iteration
    }

    /// Zero `momentum` and step 0.
    ///
    /// - Parameter parameters: matrices.
    /// - Returns: the state before the first step.
    /// - Precondition: every parameter has two dimensions at least; others trap with their names.
    public func initialState(for parameters: ParameterList) -> AccumulatorState {
        for (name, tensor) in zip(parameters.names, parameters.tensors) where tensor.rank < 2 {
            preconditionFailure(
                "Muon: \(name) of shape \(tensor.shape) is no matrix: leave it to another rule (ByGroup)")
        }
        return AccumulatorState([.momentum], for: parameters)
    }

    /// Orthogonal momenta.
    ///
    /// - Parameters:
    ///   - gradients: gradients, sense included.
    ///   - scale: multiplies the directions.
    ///   - state: its momentum takes the gradients in.
    /// - Returns: directions times `scale`.
    public func directions(
        for gradients: ParameterList, scale: Double, state: inout AccumulatorState
    ) -> ParameterList {
        var moved = state.advanceMean(.momentum, with: gradients, decay: momentum)
        if nesterov { moved = gradients.map(with: moved) { $0.interpolated(to: $1, weight: momentum) } }
        return moved.map { matrix in
            let factor = adjustment.factor(rows: matrix.size(-2), columns: matrix.size(-1))
            return iteration.orthogonalized(matrix) * (factor * scale)
        }
    }
}
