import CTorch

/// How the losses of single elements become one value.
public enum LossReduction: Int, Sendable {
    /// Not at all.
    case none = 0
    /// Their mean.
    case mean = 1
    /// Their sum.
    case sum = 2
}

extension Tensor {
    /// −ln softmax(logits)[target].
    ///
    /// `N` examples, `C` classes. Self holds logits `[N, C]` or `[C]`, or `[N, C, ...]` with targets `[N, ...]`.
    ///
    /// - Parameters:
    ///   - target: int64 classes `[N]`, or probabilities in the shape of self.
    ///   - weight: `[C]`, of each class; the mean is then a weighted one. Nil means 1.
    ///   - reduction: over examples; the mean leaves out ignored ones.
    ///   - ignoredIndex: examples with this target count for nothing.
    ///   - smoothing: this share, in `[0, 1]`, of the target is spread over all classes.
    /// - Returns: a scalar, or the losses in the shape of the targets when not reduced.
    public func crossEntropy(
        _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean, ignoredIndex: Int = -100,
        smoothing: Double = 0
    ) -> Tensor {
        call("crossEntropy", self, target) { x, y, error in
            withPointer(weight) { ct_cross_entropy(x, y, $0, reduction.rawValue, ignoredIndex, smoothing, error) }
        }
    }

    /// −self[target], self holding log probabilities `[N, C]` and target int64 classes `[N]`.
    public func negativeLogLikelihood(
        _ target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean, ignoredIndex: Int = -100
    ) -> Tensor {
        call("negativeLogLikelihood", self, target) { x, y, error in
            withPointer(weight) { ct_nll(x, y, $0, reduction.rawValue, ignoredIndex, error) }
        }
    }

    /// −t ln σ(x) − (1 − t) ln(1 − σ(x)) for logits x (self) and targets t in `[0, 1]`.
    public func binaryCrossEntropyWithLogits(_ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
        call("binaryCrossEntropyWithLogits", self, target) { ct_bce_with_logits($0, $1, reduction.rawValue, $2) }
    }

    /// (x − t)².
    public func meanSquaredError(_ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
        call("meanSquaredError", self, target) { ct_mse($0, $1, reduction.rawValue, $2) }
    }

    /// (x − t)² / 2 where |x − t| ≤ δ, δ (|x − t| − δ / 2) beyond.
    public func huberLoss(_ target: Tensor, delta: Double = 1, reduction: LossReduction = .mean) -> Tensor {
        call("huberLoss", self, target) { ct_huber($0, $1, reduction.rawValue, delta, $2) }
    }
}
