import Tensors

extension Tensor {
    /// The square root, with derivative 0 instead of infinity at exactly 0 when somebody differentiates through it.
    ///
    /// At a zero gradient with zero moments a rule's direction is g / (|g|·c + ε), whose derivative 1 / ε comes from
    /// the numerator alone; the chain rule through the root would add 0 · ∞.
    func safeSquareRoot() -> Tensor {
        guard requiresGradient else { return sqrt() }
        let isZero = self .== 0
        let positive = Tensor.where(isZero, Tensor.ones(like: self), self)
        return Tensor.where(isZero, Tensor.zeros(like: self), positive.sqrt())
    }
}
