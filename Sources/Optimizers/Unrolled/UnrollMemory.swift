/// What an unrolled inner loop keeps in memory for its gradient.
///
/// All but `truncated` give the same gradient. K is the number of steps, N the numbers in parameters and state.
public enum UnrollMemory: Sendable, Hashable {
    /// The whole graph of all steps, recorded as it runs.
    ///
    /// Memory K times the graph of one step. The fastest for few steps, and the only mode in which the loss may capture
    /// what is being differentiated.
    case full

    /// Parameters and state before every step; the backward pass makes one Hessian-vector product a step.
    ///
    /// Memory K · N and the graph of one step.
    case iterates

    /// Parameters and state before every `every`-th step; those between are computed again, once.
    ///
    /// Memory (K / every + every) · N and the graph of one step; least with nil, which means `⌈√K⌉`.
    /// Source: Griewank 1992, "Achieving logarithmic growth of temporal and spatial complexity", in its one-level form.
    case checkpoints(every: Int? = nil)

    /// The graph of the last steps only: an approximation.
    ///
    /// The steps before count as adding a constant: the initial parameters get the gradient of the parameters at which
    /// the recorded steps begin (with `last: 0` this is first-order MAML), meta-parameters get the share of the recorded
    /// steps, and the initial state gets none.
    case truncated(last: Int)

    /// Numbers of steps between checkpoints, for a loop of some length.
    func interval(steps: Int) -> Int {
        switch self {
        case .checkpoints(let every):
            let interval = every ?? Int(Double(steps).squareRoot().rounded(.up))
            precondition(every ?? 1 >= 1, "UnrollMemory: checkpoints every \(interval) steps, must be at least 1")
            return max(interval, 1)
        default: return 1
        }
    }
}

/// How the products of an inner loss's second derivatives with a vector are made.
public enum SecondDerivatives: Sendable, Hashable {
    /// The gradient of a gradient's product with the vector.
    ///
    /// Works with every operation that has a second derivative.
    case reverseOverReverse

    /// The gradient evaluated on dual numbers: usually a little faster, and it needs no graph of a gradient's graph.
    ///
    /// The loss may use no forward mode of its own, and only operations that have one; others trap. Memory for the
    /// gradient of every kept step on top.
    /// Source: Kemaev et al. 2025, "Scalable meta-learning via mixed-mode differentiation", arXiv:2505.00793.
    case forwardOverReverse
}
